// Made from schemas/standards/licence-index/v1.json by `npm run types`. Not to be edited.

/**
 * 电子证照目录 · Licence index, 1.0.0
 */
export interface LicenceIndex {
  /**
   * 电子证照标识 · Licence identifier
   */
  licenceId: string
  /**
   * 证照类型代码 · Code of the licence type
   */
  typeCode: string
  /**
   * 证照类型名称 · Name of the licence type
   */
  typeName: string
  /**
   * 证照编号 · Licence number
   */
  licenceNumber: string
  /**
   * 持证主体 · Holder
   */
  holderName: string
  /**
   * 持证主体代码类型 · Type of the holder's code
   *
   * Code list: id-type
   */
  holderIdType: string
  /**
   * 持证主体代码 · Holder's code
   *
   * The number of an identity document; a number with characters masked is none.
   */
  holderId: string
  /**
   * 证照颁发机构 · Issuer
   */
  issuerName: string
  /**
   * 证照颁发机构代码 · Issuer's unified social credit code
   */
  issuerCode: string
  /**
   * 证照颁发日期 · Date of issue
   */
  issuedOn: string
  /**
   * 证照有效期截止日期 · Valid to
   *
   * Null is open-ended (长期).
   */
  validTo: string | null
  /**
   * 证照状态 · Status of the licence
   *
   * Code list: licence-status
   */
  status: string
  /**
   * 证照文件摘要 · Digest of the licence file
   *
   * SM3 or SHA-256, in lower-case hexadecimal.
   */
  fileDigest: string
}
