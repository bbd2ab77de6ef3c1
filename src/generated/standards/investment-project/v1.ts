// Made from schemas/standards/investment-project/v1.json by `npm run types`. Not to be edited.

/**
 * 投资项目信息 · Investment project, 1.0.0
 */
export interface InvestmentProject {
  /**
   * 项目代码 · Project code
   */
  projectCode: string
  /**
   * 项目名称 · Name of the project
   */
  name: string
  /**
   * 审核备类型 · Type of review
   *
   * Code list: project-review-type
   */
  reviewType: string
  /**
   * 建设地点行政区划代码 · Division code of the site
   *
   * Code list: division
   */
  divisionCode: string
  /**
   * 国标行业代码 · Industry code
   *
   * Code list: industry
   */
  industryCode: string
  /**
   * 建设性质 · Nature of construction
   *
   * Code list: construction-nature
   */
  nature: string
  /**
   * 项目单位名称 · Name of the project owner
   */
  ownerName: string
  /**
   * 项目单位统一社会信用代码 · Unified social credit code of the project owner
   */
  ownerCreditCode: string
  /**
   * 总投资 · Total investment
   *
   * A decimal amount: at most 14 digits before the point and 6 after it, never negative.
   */
  totalInvestment: string
  /**
   * 用地面积 · Land area
   *
   * A decimal measure: at most 12 digits before the point and 4 after it, never negative.
   */
  landArea?: string
  /**
   * 总建筑面积 · Built area
   *
   * A decimal measure: at most 12 digits before the point and 4 after it, never negative.
   */
  builtArea?: string
  /**
   * 拟开工年月 · Planned start
   *
   * A month, YYYY-MM.
   */
  plannedStart: string
  /**
   * 拟建成年月 · Planned end
   *
   * A month, YYYY-MM.
   */
  plannedEnd: string
  /**
   * 所属主项目代码 · Project code of the parent project
   */
  parentProjectCode?: string
  /**
   * 联系电话 · Contact phone
   */
  contactPhone?: string
}
