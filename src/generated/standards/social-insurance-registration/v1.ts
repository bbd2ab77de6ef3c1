// Made from schemas/standards/social-insurance-registration/v1.json by `npm run types`. Not to be edited.

/**
 * 社会保险参保登记信息 · Social insurance registration, 1.0.0
 */
export interface SocialInsuranceRegistration {
  /**
   * 单位编号 · Unit number
   */
  unitNumber: string
  /**
   * 统一社会信用代码 · Unified social credit code
   */
  unifiedSocialCreditCode: string
  /**
   * 单位名称 · Name of the unit
   */
  name: string
  /**
   * 险种类型 · Type of insurance
   *
   * Code list: insurance-type
   */
  insuranceType: string
  /**
   * 参保登记日期 · Date of registration
   */
  registeredOn: string
  /**
   * 参保人数 · Number of people insured
   */
  insuredCount: number
  /**
   * 缴费状态 · Status of contributions
   *
   * Code list: payment-status
   */
  paymentStatus: string
  /**
   * 欠费金额 · Arrears
   *
   * A decimal amount: at most 14 digits before the point and 6 after it, never negative.
   */
  arrears?: string
  /**
   * 费款所属期 · Period of contribution
   *
   * A month, YYYY-MM.
   */
  period: string
}
