// Made from schemas/standards/real-estate-title/v1.json by `npm run types`. Not to be edited.

/**
 * 不动产权属信息 · Real-estate title, 1.0.0
 */
export interface RealEstateTitle {
  /**
   * 不动产单元号 · Real-estate unit number
   */
  unitNumber: string
  /**
   * 不动产权证书号 · Certificate number
   */
  certificateNumber: string
  /**
   * 权利人 · Owners
   */
  owners: {
    /**
     * 权利人名称 · Name of the owner
     */
    name: string
    /**
     * 证件种类 · Type of identity document
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
     * 权利份额 · Share
     *
     * A fraction, like 1/2.
     */
    share?: string
  }[]
  /**
   * 共有情况 · Co-ownership
   *
   * Code list: co-ownership
   */
  coOwnership: string
  /**
   * 权利类型 · Type of right
   *
   * Code list: real-estate-right
   */
  rightType: string
  /**
   * 土地用途 · Land use
   *
   * Code list: land-use
   */
  landUse: string
  /**
   * 房屋用途 · Use of the building
   *
   * Code list: house-use
   */
  houseUse?: string
  /**
   * 建筑面积 · Building area
   *
   * A decimal measure: at most 12 digits before the point and 4 after it, never negative.
   */
  buildingArea?: string
  /**
   * 坐落 · Location
   */
  location: string
  /**
   * 使用期限起 · Term of use from
   */
  termFrom?: string | null
  /**
   * 使用期限止 · Term of use to
   */
  termTo?: string | null
  /**
   * 是否抵押 · Mortgaged
   */
  mortgaged: boolean
  /**
   * 是否查封 · Under court seal
   */
  courtSealed: boolean
  /**
   * 登记日期 · Date of registration
   */
  registeredOn: string
}
