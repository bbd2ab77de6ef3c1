/**
 * One valid record of every standard, synthetic: division 331199, people born 1901 to 1908, organisation codes MAXT….
 *
 * Typed by the generated types, so that types and schemas are held against each other.
 */
import type { ConstructionPermit } from '../../src/generated/standards/construction-permit/v1.ts'
import type { EnterpriseRegistration } from '../../src/generated/standards/enterprise-registration/v1.ts'
import type { EnvironmentalApproval } from '../../src/generated/standards/environmental-approval/v1.ts'
import type { FoodBusinessLicence } from '../../src/generated/standards/food-business-licence/v1.ts'
import type { FoodPremisesInspection } from '../../src/generated/standards/food-premises-inspection/v1.ts'
import type { InvestmentProject } from '../../src/generated/standards/investment-project/v1.ts'
import type { LicenceIndex } from '../../src/generated/standards/licence-index/v1.ts'
import type { ListedCompany } from '../../src/generated/standards/listed-company/v1.ts'
import type { PersonBasic } from '../../src/generated/standards/person-basic/v1.ts'
import type { RealEstateTitle } from '../../src/generated/standards/real-estate-title/v1.ts'
import type { SocialInsuranceRegistration } from '../../src/generated/standards/social-insurance-registration/v1.ts'
import type { SocialInsuranceUnit } from '../../src/generated/standards/social-insurance-unit/v1.ts'
import type { TaxRegistration } from '../../src/generated/standards/tax-registration/v1.ts'

type Samples = {
  'enterprise-registration': EnterpriseRegistration
  'tax-registration': TaxRegistration
  'social-insurance-registration': SocialInsuranceRegistration
  'social-insurance-unit': SocialInsuranceUnit
  'investment-project': InvestmentProject
  'construction-permit': ConstructionPermit
  'real-estate-title': RealEstateTitle
  'environmental-approval': EnvironmentalApproval
  'food-business-licence': FoodBusinessLicence
  'licence-index': LicenceIndex
  'person-basic': PersonBasic
  'food-premises-inspection': FoodPremisesInspection
  'listed-company': ListedCompany
}

const enterprise = '91331199MAXT000111'
const person = '331199190101010019'

export const sampleRecords: Samples = {
  'enterprise-registration': {
    unifiedSocialCreditCode: enterprise,
    registrationNumber: '331199000000015',
    name: '示例县甲食品有限公司',
    enterpriseType: '150',
    legalRepresentativeName: '张一',
    legalRepresentativeIdType: '111',
    legalRepresentativeIdNumber: person,
    registeredCapital: '34377.91',
    currency: 'CNY',
    establishedOn: '2017-06-15',
    termFrom: '2017-06-15',
    termTo: null,
    domicile: '示例县演示镇一号',
    divisionCode: '331199004',
    industryCode: 'H6210',
    businessScope: '餐饮服务；食品销售。',
    registrationAuthority: '示例县市场监督管理局',
    status: '1',
    approvedOn: '2024-01-02',
    investors: [{ name: '张一', idType: '111', idNumber: person, subscribed: '34377.91', paid: '0' }],
  },
  'tax-registration': {
    taxpayerId: enterprise,
    unifiedSocialCreditCode: enterprise,
    registrationSerial: '10113311990000000001',
    name: '示例县甲食品有限公司',
    status: '03',
    registeredOn: '2017-06-20',
    authorityCode: '13311990000',
    industryCode: 'H6210',
    taxpayerType: 'small-scale',
    creditGrade: 'A',
  },
  'social-insurance-registration': {
    unitNumber: '33119900001',
    unifiedSocialCreditCode: enterprise,
    name: '示例县甲食品有限公司',
    insuranceType: '110',
    registeredOn: '2017-07-01',
    insuredCount: 12,
    paymentStatus: 'normal',
    arrears: '0',
    period: '2024-05',
  },
  'social-insurance-unit': {
    unitNumber: '33119900001',
    unifiedSocialCreditCode: enterprise,
    name: '示例县甲食品有限公司',
  },
  'investment-project': {
    projectCode: '2401-331199-04-01-000015',
    name: '示例县食品加工厂新建项目',
    reviewType: 'filing',
    divisionCode: '331199',
    industryCode: 'C1411',
    nature: 'new',
    ownerName: '示例县甲食品有限公司',
    ownerCreditCode: enterprise,
    totalInvestment: '25000000',
    landArea: '12000',
    builtArea: '8000.5',
    plannedStart: '2024-03',
    plannedEnd: '2025-12',
    contactPhone: '0000-00000000',
  },
  'construction-permit': {
    permitNumber: '331199202401010101',
    projectCode: '2401-331199-04-01-000015',
    projectName: '示例县食品加工厂一号厂房',
    builder: { name: '示例县甲食品有限公司', creditCode: enterprise },
    participants: [{ role: 'construction', name: '示例县建筑公司', creditCode: '92331199MAXT0002XM', leader: '李二' }],
    address: '示例县演示镇二号',
    contractPrice: '18000000',
    area: '8000.5',
    contractDays: 300,
    issuedOn: '2024-01-01',
    authority: '示例县住房和城乡建设局',
    status: '01',
  },
  'real-estate-title': {
    unitNumber: '331199001001GB00001F00010001',
    certificateNumber: '示例（2024）示例县不动产权第0000001号',
    owners: [
      { name: '张一', idType: '111', idNumber: person, share: '1/2' },
      { name: '李二', idType: '111', idNumber: '331199190402291029', share: '1/2' },
    ],
    coOwnership: '2',
    rightType: '4',
    landUse: '0701',
    houseUse: '11',
    buildingArea: '106.64',
    location: '示例县示例街道第一社区三号',
    termFrom: '2011-11-27',
    termTo: '2081-11-27',
    mortgaged: false,
    courtSealed: false,
    registeredOn: '2024-02-03',
  },
  'environmental-approval': {
    approvalNumber: '示环审〔2024〕1号',
    projectCode: '2401-331199-04-01-000015',
    projectName: '示例县食品加工厂新建项目',
    builder: { name: '示例县甲食品有限公司', creditCode: enterprise },
    documentType: 'form',
    industryCode: 'C1411',
    totalInvestment: '25000000',
    environmentalInvestment: '300000',
    location: '示例县演示镇',
    acceptedOn: '2024-01-05',
    approvedOn: '2024-02-01',
    authority: '示例县生态环境局',
  },
  'food-business-licence': {
    licenceNumber: 'JY23311990000027',
    unifiedSocialCreditCode: enterprise,
    name: '示例县甲食品有限公司',
    legalRepresentativeName: '张一',
    businessForm: '2',
    items: ['hot-food', 'cold-food'],
    premises: '示例县演示镇一号',
    validFrom: '2024-01-01',
    validTo: '2028-12-31',
    issuedOn: '2024-01-01',
    authority: '示例县市场监督管理局',
    status: '01',
  },
  'licence-index': {
    licenceId: '1.2.156.3005.2.11100000000013338W005.11331199000000174L.331199202401010101.001.H',
    typeCode: '11100000000013338W005',
    typeName: '建筑工程施工许可证',
    licenceNumber: '331199202401010101',
    holderName: '示例县甲食品有限公司',
    holderIdType: '001',
    holderId: enterprise,
    issuerName: '示例县住房和城乡建设局',
    issuerCode: '11331199000000174L',
    issuedOn: '2024-01-01',
    validTo: null,
    status: '01',
    fileDigest: '0'.repeat(64),
  },
  'person-basic': {
    idNumber: person,
    name: '张一',
    gender: '1',
    birthDate: '1901-01-01',
    ethnicity: '01',
    domicileDivision: '331199001001',
    address: '示例县示例街道第一社区一号',
    alive: true,
  },
  'food-premises-inspection': {
    premisesId: '1',
    authority: '529',
    localId: '00/00001/COM',
    name: 'Sample Café',
    category: 'restaurant',
    address: { line: '1 Sample Street', city: 'Sampleton', postcode: 'ZZ1 1ZZ' },
    location: { latitude: 51.35, longitude: -0.17 },
    inspections: [
      {
        date: '2020-02-06',
        outcome: 'rated',
        scoreNative: '5',
        scheme: 'FHRS',
        closed: false,
        violations: [{ code: 'Hygiene', points: 0 }],
      },
    ],
    ratingNormalised: 'pass',
  },
  'listed-company': {
    authority: 'twse',
    securityCode: '0000',
    registrationNumber: { scheme: 'TW-UBN', value: '00000000' },
    legalName: { 'zh-Hant': '範例股份有限公司', en: 'Sample Co., Ltd.' },
    shortName: '範例',
    jurisdiction: 'TW',
    industryCode: '02',
    officers: [{ role: 'chair', name: '張一' }],
    incorporatedOn: '2000-01-01',
    listedOn: '2010-01-01',
    paidInCapital: { amount: '1000000', currency: 'TWD' },
    parValue: { amount: '10.0000', currency: 'TWD' },
    sharesIssued: 100_000,
    contacts: { website: 'https://example.com' },
  },
}
