// Made from schemas/standards/tax-registration/v1.json by `npm run types`. Not to be edited.

/**
 * 税务登记信息 · Tax registration, 1.0.0
 */
export interface TaxRegistration {
  /**
   * 纳税人识别号 · Taxpayer identification number
   */
  taxpayerId: string
  /**
   * 统一社会信用代码 · Unified social credit code
   */
  unifiedSocialCreditCode?: string
  /**
   * 登记序号 · Registration serial number
   */
  registrationSerial: string
  /**
   * 纳税人名称 · Name of the taxpayer
   */
  name: string
  /**
   * 纳税人状态 · Status of the taxpayer
   *
   * Code list: tax-status
   */
  status: string
  /**
   * 登记日期 · Date of registration
   */
  registeredOn: string
  /**
   * 主管税务机关代码 · Code of the competent tax authority
   */
  authorityCode: string
  /**
   * 行业代码 · Industry code
   *
   * Code list: industry
   */
  industryCode: string
  /**
   * 纳税人类型 · Type of taxpayer
   *
   * Code list: taxpayer-type
   */
  taxpayerType: string
  /**
   * 纳税信用级别 · Tax credit grade
   *
   * Code list: tax-credit-grade
   */
  creditGrade?: string
}
