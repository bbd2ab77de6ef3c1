// Made from schemas/standards/listed-company/v1.json by `npm run types`. Not to be edited.

/**
 * 上市公司基本信息 · Listed company, 1.1.0
 */
export interface ListedCompany {
  /**
   * 证券交易场所 · Exchange
   *
   * The department that lists the company: twse, tpex.
   */
  authority: string
  /**
   * 证券代码 · Security code
   */
  securityCode: string
  /**
   * 登记编号 · Registration number
   */
  registrationNumber?: {
    /**
     * 编号体系 · Scheme
     *
     * Code list: registration-scheme
     */
    scheme: string
    /**
     * 编号 · Value
     */
    value: string
  }
  /**
   * 法定名称 · Legal name
   *
   * By language (BCP 47): zh-Hant, en …
   */
  legalName: {
    [k: string]: string
  }
  /**
   * 简称 · Short name
   */
  shortName: string
  /**
   * 英文简称 · English name
   */
  englishName?: string
  /**
   * 注册地 · Jurisdiction
   *
   * Code list: country
   */
  jurisdiction: string
  /**
   * 产业类别 · Industry
   *
   * Code list: listed-company-industry
   */
  industryCode: string
  /**
   * 地址 · Address
   */
  address?: string
  /**
   * 负责人 · Officers
   */
  officers?: {
    /**
     * 职务 · Role
     *
     * Code list: officer-role
     */
    role: string
    /**
     * 姓名 · Name
     */
    name: string
  }[]
  /**
   * 成立日期 · Date of incorporation
   */
  incorporatedOn: string
  /**
   * 上市（柜）日期 · Date of listing
   */
  listedOn: string
  /**
   * 实收资本额 · Paid-in capital
   */
  paidInCapital: {
    /**
     * 金额 · Amount
     *
     * A decimal amount: at most 14 digits before the point and 6 after it, never negative.
     */
    amount: string
    /**
     * 币种 · Currency
     *
     * Code list: currency
     */
    currency: string
  }
  /**
   * 每股面额 · Par value per share
   *
   * The word none where shares have no par value; absent where it is not known.
   */
  parValue?:
    | {
        /**
         * A decimal amount: at most 14 digits before the point and 6 after it, never negative.
         */
        amount: string
        /**
         * Code list: currency
         */
        currency: string
      }
    | 'none'
  /**
   * 已发行股数 · Shares issued
   */
  sharesIssued: number
  /**
   * 联系方式 · Contacts
   */
  contacts?: {
    /**
     * 总机电话 · Phone
     */
    phone?: string
    /**
     * 传真 · Fax
     */
    fax?: string
    /**
     * 电子邮箱 · E-mail
     */
    email?: string
    /**
     * 网址 · Website
     */
    website?: string
  }
}
