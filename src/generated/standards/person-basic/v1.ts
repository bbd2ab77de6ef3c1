// Made from schemas/standards/person-basic/v1.json by `npm run types`. Not to be edited.

/**
 * 人口基本信息 · Basic information on a person, 1.0.0
 */
export interface PersonBasic {
  /**
   * 公民身份号码 · Resident identity number
   */
  idNumber: string
  /**
   * 姓名 · Name
   */
  name: string
  /**
   * 性别 · Sex
   *
   * Code list: gender
   */
  gender: string
  /**
   * 出生日期 · Date of birth
   */
  birthDate: string
  /**
   * 民族 · Ethnic group
   *
   * Code list: ethnicity
   */
  ethnicity?: string
  /**
   * 户籍地行政区划代码 · Division code of the registered residence
   *
   * Code list: division
   */
  domicileDivision: string
  /**
   * 户籍地址 · Address of the registered residence
   */
  address?: string
  /**
   * 是否健在 · Alive
   */
  alive: boolean
}
