/** Synthetic food hygiene ratings in the form of the real ones: as many premises as a test needs. */

/** How a premises deviates from a good one that stands in its first form. */
export type Deviation = 'changed' | 'bad' | 'missing'

export function premisesXml(options: {
  readonly count: number
  readonly authority?: string
  readonly deviations?: Readonly<Record<number, Deviation>>
  /** Ends the text after so many premises, as a connection that breaks would. */
  readonly breakAfter?: number
}): string {
  const { count, authority = '901', deviations = {}, breakAfter } = options
  const details: string[] = []
  for (let id = 1; id <= Math.min(count, breakAfter ?? count); id++) {
    if (deviations[id] !== 'missing') details.push(detail(id, authority, deviations[id]))
  }
  const end =
    breakAfter === undefined ? '</EstablishmentCollection></FHRSEstablishment>' : '<EstablishmentDetail><FHRSID>'
  return `<?xml version="1.0"?><FHRSEstablishment xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><Header><ExtractDate>2026-02-28</ExtractDate></Header><EstablishmentCollection>${details.join('')}${end}`
}

function detail(id: number, authority: string, deviation: Deviation | undefined): string {
  const rating = deviation === 'bad' ? 'Excellent' : deviation === 'changed' ? '2' : '5'
  return `<EstablishmentDetail><FHRSID>${id}</FHRSID><LocalAuthorityBusinessID>L/${id}</LocalAuthorityBusinessID><BusinessName>Sample Café No. ${id}</BusinessName><BusinessType>Restaurant/Cafe/Canteen</BusinessType><BusinessTypeID>1</BusinessTypeID><AddressLine1>${id} Example Road</AddressLine1><PostCode>ZZ1 1ZZ</PostCode><RatingValue>${rating}</RatingValue><RatingKey>fhrs_${rating}_en-GB</RatingKey><RatingDate>2025-11-0${1 + (id % 9)}</RatingDate><LocalAuthorityCode>${authority}</LocalAuthorityCode><LocalAuthorityName>Example</LocalAuthorityName><Scores><Hygiene>0</Hygiene><Structural>5</Structural><ConfidenceInManagement>0</ConfidenceInManagement></Scores><SchemeType>FHRS</SchemeType><NewRatingPending>False</NewRatingPending><Geocode><Longitude>-0.17</Longitude><Latitude>51.35</Latitude></Geocode></EstablishmentDetail>`
}
