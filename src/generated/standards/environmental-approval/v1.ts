// Made from schemas/standards/environmental-approval/v1.json by `npm run types`. Not to be edited.

/**
 * 建设项目环评审批信息 · Environmental approval, 1.0.0
 */
export interface EnvironmentalApproval {
  /**
   * 批准文号 · Approval number
   */
  approvalNumber: string
  /**
   * 项目代码 · Project code
   */
  projectCode?: string
  /**
   * 项目名称 · Name of the project
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
   * 环评文件类型 · Type of document
   *
   * Code list: environmental-document-type
   */
  documentType: string
  /**
   * 行业代码 · Industry code
   *
   * Code list: industry
   */
  industryCode: string
  /**
   * 总投资 · Total investment
   *
   * A decimal amount: at most 14 digits before the point and 6 after it, never negative.
   */
  totalInvestment: string
  /**
   * 环保投资 · Environmental investment
   *
   * A decimal amount: at most 14 digits before the point and 6 after it, never negative.
   */
  environmentalInvestment: string
  /**
   * 建设地点 · Location
   */
  location: string
  /**
   * 受理日期 · Date of acceptance
   */
  acceptedOn: string
  /**
   * 批准日期 · Date of approval
   */
  approvedOn: string
  /**
   * 审批机关 · Approving authority
   */
  authority: string
}
