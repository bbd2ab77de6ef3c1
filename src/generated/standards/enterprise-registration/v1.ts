// Made from schemas/standards/enterprise-registration/v1.json by `npm run types`. Not to be edited.

/**
 * 企业登记信息 · Enterprise registration, 1.1.0
 */
export interface EnterpriseRegistration {
  /**
   * 统一社会信用代码 · Unified social credit code
   */
  unifiedSocialCreditCode: string
  /**
   * 注册号 · Registration number
   */
  registrationNumber?: string
  /**
   * 名称 · Name
   */
  name: string
  /**
   * 类型 · Enterprise type
   *
   * Code list: enterprise-type
   */
  enterpriseType: string
  /**
   * 法定代表人 · Legal representative
   */
  legalRepresentativeName: string
  /**
   * 法定代表人证件类型 · Type of the legal representative's identity document
   *
   * Code list: id-type
   */
  legalRepresentativeIdType?: string
  /**
   * 法定代表人证件号码 · Number of the legal representative's identity document
   *
   * The number of an identity document; a number with characters masked is none.
   */
  legalRepresentativeIdNumber?: string
  /**
   * 注册资本 · Registered capital
   *
   * In whole units (元) of `currency`, not in ten thousands (万元).
   */
  registeredCapital?: string
  /**
   * 注册资本币种 · Currency of the registered capital
   *
   * Code list: currency
   */
  currency?: string
  /**
   * 成立日期 · Date of establishment
   */
  establishedOn: string
  /**
   * 营业期限自 · Business term from
   */
  termFrom?: string | null
  /**
   * 营业期限至 · Business term to
   *
   * Null is open-ended (长期).
   */
  termTo?: string | null
  /**
   * 住所 · Domicile
   */
  domicile: string
  /**
   * 行政区划代码 · Division code
   *
   * Code list: division
   */
  divisionCode: string
  /**
   * 行业代码 · Industry code
   *
   * Code list: industry
   */
  industryCode: string
  /**
   * 经营范围 · Business scope
   */
  businessScope: string
  /**
   * 登记机关 · Registration authority
   */
  registrationAuthority: string
  /**
   * 登记状态 · Registration status
   *
   * Code list: enterprise-status
   */
  status: string
  /**
   * 核准日期 · Date of approval
   */
  approvedOn: string
  /**
   * 投资人 · Investors
   */
  investors?: {
    /**
     * 投资人名称 · Name of the investor
     */
    name: string
    /**
     * 证件类型 · Type of identity document
     *
     * Code list: id-type
     */
    idType: string
    /**
     * 证件号码 · Number of identity document
     *
     * The number of an identity document; a number with characters masked is none.
     */
    idNumber: string
    /**
     * 认缴出资额 · Capital subscribed
     *
     * In whole units of `currency`.
     */
    subscribed: string
    /**
     * 实缴出资额 · Capital paid in
     *
     * In whole units of `currency`.
     */
    paid: string
  }[]
}
