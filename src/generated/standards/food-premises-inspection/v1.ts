// Made from schemas/standards/food-premises-inspection/v1.json by `npm run types`. Not to be edited.

/**
 * 食品场所检查与评级信息 · Food premises inspection, 1.1.0
 */
export interface FoodPremisesInspection {
  /**
   * 场所编号 · Premises identifier
   *
   * The scheme's own: FHRSID of the Food Standards Agency, CAMIS of New York City.
   */
  premisesId: string
  /**
   * 监管机构 · Authority
   *
   * The code of the inspecting authority: a local authority code of the Food Standards Agency, like 529, or nyc-dohmh.
   */
  authority: string
  /**
   * 监管机构内部编号 · Authority's own identifier
   */
  localId?: string
  /**
   * 场所名称 · Name of the premises
   *
   * Premises that were never inspected may have none yet.
   */
  name?: string
  /**
   * 场所类别 · Category
   *
   * Code list: food-premises-category
   */
  category: string
  /**
   * 地址 · Address
   */
  address?: {
    /**
     * 地址 · Address line
     */
    line?: string
    /**
     * 城市 · City
     */
    city?: string
    /**
     * 邮政编码 · Postcode
     */
    postcode?: string
  }
  /**
   * 位置 · Location
   */
  location?: {
    /**
     * 纬度 · Latitude
     */
    latitude: number
    /**
     * 经度 · Longitude
     */
    longitude: number
  }
  /**
   * 电话 · Phone
   */
  phone?: string
  /**
   * 检查记录 · Inspections
   */
  inspections?: {
    /**
     * 检查日期 · Date
     */
    date: string
    /**
     * 检查类型 · Type
     */
    type?: string
    /**
     * 检查结果 · Outcome
     *
     * Code list: food-inspection-outcome
     */
    outcome?: string
    /**
     * 原始评分 · Score as the scheme gives it
     */
    scoreNative?: string
    /**
     * 评级制度 · Scheme
     *
     * Code list: food-inspection-scheme
     */
    scheme: string
    /**
     * 是否责令关闭 · Closed
     */
    closed?: boolean
    /**
     * 违规事项 · Violations
     */
    violations?: {
      /**
       * 违规代码 · Code
       */
      code: string
      /**
       * 违规描述 · Text
       */
      text?: string
      /**
       * 严重程度 · Severity
       *
       * Code list: food-violation-severity
       */
      severity?: string
      /**
       * 扣分 · Points
       */
      points?: number
    }[]
  }[]
  /**
   * 归一化等级 · Normalised rating
   *
   * Code list: food-rating
   */
  ratingNormalised: string
}
