// Made from schemas/standards/construction-permit/v1.json by `npm run types`. Not to be edited.

/**
 * 建筑工程施工许可信息 · Construction permit, 1.0.0
 */
export interface ConstructionPermit {
  /**
   * 施工许可证编号 · Permit number
   */
  permitNumber: string
  /**
   * 项目代码 · Project code
   */
  projectCode: string
  /**
   * 工程名称 · Name of the works
   */
  projectName: string
  /**
   * 建设单位 · Builder
   */
  builder: {
    /**
     * 建设单位名称 · Name of the builder
     */
    name: string
    /**
     * 建设单位统一社会信用代码 · Unified social credit code of the builder
     */
    creditCode: string
  }
  /**
   * 参建单位 · Participants
   */
  participants: {
    /**
     * 单位类型 · Role
     *
     * Code list: participant-role
     */
    role: string
    /**
     * 单位名称 · Name
     */
    name: string
    /**
     * 统一社会信用代码 · Unified social credit code
     */
    creditCode: string
    /**
     * 项目负责人 · Leader
     */
    leader: string
  }[]
  /**
   * 建设地址 · Address of the site
   */
  address: string
  /**
   * 合同价格 · Contract price
   *
   * A decimal amount: at most 14 digits before the point and 6 after it, never negative.
   */
  contractPrice: string
  /**
   * 建筑面积 · Built area
   *
   * A decimal measure: at most 12 digits before the point and 4 after it, never negative.
   */
  area?: string
  /**
   * 长度 · Length
   *
   * A decimal measure: at most 12 digits before the point and 4 after it, never negative.
   */
  length?: string
  /**
   * 合同工期 · Contract period
   */
  contractDays: number
  /**
   * 发证日期 · Date of issue
   */
  issuedOn: string
  /**
   * 发证机关 · Issuing authority
   */
  authority: string
  /**
   * 许可证状态 · Status of the permit
   *
   * Code list: licence-status
   */
  status: string
}
