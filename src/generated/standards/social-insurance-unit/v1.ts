// Made from schemas/standards/social-insurance-unit/v1.json by `npm run types`. Not to be edited.

/**
 * 社会保险参保单位信息 · Social insurance unit, 1.0.0
 */
export interface SocialInsuranceUnit {
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
}
