// Made from schemas/standards/food-business-licence/v1.json by `npm run types`. Not to be edited.

/**
 * 食品经营许可信息 · Food business licence, 1.0.0
 */
export interface FoodBusinessLicence {
  /**
   * 许可证编号 · Licence number
   */
  licenceNumber: string
  /**
   * 统一社会信用代码 · Unified social credit code
   */
  unifiedSocialCreditCode?: string
  /**
   * 经营者身份证件号码 · Number of the operator's identity document
   *
   * The number of an identity document; a number with characters masked is none.
   */
  operatorIdNumber?: string
  /**
   * 经营者名称 · Name of the operator
   */
  name: string
  /**
   * 法定代表人（负责人） · Legal representative or person in charge
   */
  legalRepresentativeName: string
  /**
   * 主体业态 · Form of business
   *
   * Code list: food-business-form
   */
  businessForm: string
  /**
   * 经营项目 · Items of business
   *
   * Items: Code list: food-business-item
   */
  items: string[]
  /**
   * 经营场所 · Premises
   */
  premises: string
  /**
   * 有效期自 · Valid from
   */
  validFrom: string
  /**
   * 有效期至 · Valid to
   */
  validTo: string
  /**
   * 发证日期 · Date of issue
   */
  issuedOn: string
  /**
   * 发证机关 · Issuing authority
   */
  authority: string
  /**
   * 许可证状态 · Status of the licence
   *
   * Code list: licence-status
   */
  status: string
}
