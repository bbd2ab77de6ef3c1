/**
 * The constraints of DCAT-AP 3.0.1 as SHACL: for each class the properties, how often they may stand, and of what kind
 * their values are.
 *
 * Written down from the profile's own shapes (SEMIC, DCAT-AP release 3.0.1, `shacl/dcat-ap-SHACL.ttl`, commit 0761792,
 * CC BY 4.0): every cardinality, node kind, class and datatype of the classes named here, without their descriptions. Of
 * that file two things are left out, as it leaves them out itself: the property shapes that DataService, Dataset and
 * Distribution refer to and that nothing defines. Its ranges are closed world: what a value points to must be typed in the
 * same graph, concepts of the EU's tables too.
 */
import { DataFactory, Parser, Store } from 'n3'
import SHACLValidator from 'rdf-validate-shacl'
import jsonld from 'jsonld'

const prefixes: Readonly<Record<string, string>> = {
  adms: 'http://www.w3.org/ns/adms#',
  dcat: 'http://www.w3.org/ns/dcat#',
  dcatap: 'http://data.europa.eu/r5r/',
  dct: 'http://purl.org/dc/terms/',
  eli: 'http://data.europa.eu/eli/ontology#',
  foaf: 'http://xmlns.com/foaf/0.1/',
  odrl: 'http://www.w3.org/ns/odrl/2/',
  prov: 'http://www.w3.org/ns/prov#',
  rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  sh: 'http://www.w3.org/ns/shacl#',
  skos: 'http://www.w3.org/2004/02/skos/core#',
  spdx: 'http://spdx.org/rdf/terms#',
  vcard: 'http://www.w3.org/2006/vcard/ns#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
}

/** `text` is a literal, of a datatype where one is named; anything else is a resource, of a class where one is named. */
type Rule = readonly [path: string, times: '*' | '+' | '?' | '1', value: string]

const constraints: Readonly<Record<string, readonly Rule[]>> = {
  'foaf:Agent': [
    ['foaf:name', '+', 'text'],
    ['dct:type', '?', 'skos:Concept'],
  ],
  'dcat:Catalog': [
    ['dct:title', '+', 'text'],
    ['dct:description', '+', 'text'],
    ['dct:publisher', '1', 'foaf:Agent'],
    ['dct:creator', '?', 'foaf:Agent'],
    ['dct:issued', '?', 'text'],
    ['dct:modified', '?', 'text'],
    ['dct:license', '?', 'dct:LicenseDocument'],
    ['dct:rights', '*', 'dct:RightsStatement'],
    ['dct:language', '*', 'dct:LinguisticSystem'],
    ['dct:spatial', '*', 'dct:Location'],
    ['dct:temporal', '*', 'dct:PeriodOfTime'],
    ['dct:hasPart', '*', 'dcat:Catalog'],
    ['dcat:catalog', '*', 'dcat:Catalog'],
    ['dcat:dataset', '*', 'dcat:Dataset'],
    ['dcat:service', '*', 'dcat:DataService'],
    ['dcat:record', '*', 'dcat:CatalogRecord'],
    ['dcat:themeTaxonomy', '*', 'skos:ConceptScheme'],
    ['dcatap:applicableLegislation', '*', 'eli:LegalResource'],
    ['foaf:homepage', '?', 'foaf:Document'],
  ],
  'dcat:CatalogRecord': [
    ['foaf:primaryTopic', '1', 'dcat:Resource'],
    ['dct:modified', '1', 'text'],
    ['dct:issued', '?', 'text'],
    ['dct:source', '?', 'dcat:CatalogRecord'],
    ['dct:conformsTo', '*', 'dct:Standard'],
    ['dct:language', '*', 'dct:LinguisticSystem'],
    ['dct:title', '*', 'text'],
    ['dct:description', '*', 'text'],
    ['adms:status', '?', 'skos:Concept'],
  ],
  'dcat:DataService': [
    ['dct:title', '+', 'text'],
    ['dct:description', '*', 'text'],
    ['dcat:endpointURL', '+', ''],
    ['dcat:endpointDescription', '*', ''],
    ['dcat:servesDataset', '*', 'dcat:Dataset'],
    ['dcat:contactPoint', '*', 'vcard:Kind'],
    ['dcat:keyword', '*', 'text'],
    ['dcat:landingPage', '*', 'foaf:Document'],
    ['dcat:theme', '*', 'skos:Concept'],
    ['dct:accessRights', '?', 'dct:RightsStatement'],
    ['dct:conformsTo', '*', 'dct:Standard'],
    ['dct:format', '*', 'dct:MediaTypeOrExtent'],
    ['dct:license', '?', 'dct:LicenseDocument'],
    ['dct:publisher', '?', 'foaf:Agent'],
    ['dcatap:applicableLegislation', '*', 'eli:LegalResource'],
    ['foaf:page', '*', 'foaf:Document'],
  ],
  'dcat:Dataset': [
    ['dct:title', '+', 'text'],
    ['dct:description', '+', 'text'],
    ['dct:identifier', '*', 'text'],
    ['dct:publisher', '?', 'foaf:Agent'],
    ['dct:creator', '*', 'foaf:Agent'],
    ['dct:issued', '?', 'text'],
    ['dct:modified', '?', 'text'],
    ['dct:accessRights', '?', 'dct:RightsStatement'],
    ['dct:accrualPeriodicity', '?', 'dct:Frequency'],
    ['dct:conformsTo', '*', 'dct:Standard'],
    ['dct:language', '*', 'dct:LinguisticSystem'],
    ['dct:provenance', '*', 'dct:ProvenanceStatement'],
    ['dct:relation', '*', ''],
    ['dct:isReferencedBy', '*', ''],
    ['dct:source', '*', 'dcat:Dataset'],
    ['dct:spatial', '*', 'dct:Location'],
    ['dct:temporal', '*', 'dct:PeriodOfTime'],
    ['dct:type', '*', 'skos:Concept'],
    ['dcat:contactPoint', '*', 'vcard:Kind'],
    ['dcat:distribution', '*', 'dcat:Distribution'],
    ['dcat:hasVersion', '*', 'dcat:Dataset'],
    ['dcat:inSeries', '*', 'dcat:DatasetSeries'],
    ['dcat:keyword', '*', 'text'],
    ['dcat:landingPage', '*', 'foaf:Document'],
    ['dcat:qualifiedRelation', '*', 'dcat:Relationship'],
    ['dcat:spatialResolutionInMeters', '*', 'text xsd:decimal'],
    ['dcat:temporalResolution', '?', 'text xsd:duration'],
    ['dcat:theme', '*', 'skos:Concept'],
    ['dcat:version', '?', 'text'],
    ['dcatap:applicableLegislation', '*', 'eli:LegalResource'],
    ['adms:identifier', '*', 'adms:Identifier'],
    ['adms:sample', '*', 'dcat:Distribution'],
    ['adms:versionNotes', '*', 'text'],
    ['foaf:page', '*', 'foaf:Document'],
    ['prov:qualifiedAttribution', '*', 'prov:Attribution'],
    ['prov:wasGeneratedBy', '*', 'prov:Activity'],
  ],
  'dcat:Distribution': [
    ['dcat:accessURL', '+', ''],
    ['dcat:downloadURL', '*', ''],
    ['dcat:accessService', '*', 'dcat:DataService'],
    ['dcat:byteSize', '?', 'text xsd:nonNegativeInteger'],
    ['dcat:compressFormat', '?', 'dct:MediaType'],
    ['dcat:mediaType', '?', 'dct:MediaType'],
    ['dcat:packageFormat', '?', 'dct:MediaType'],
    ['dcat:spatialResolutionInMeters', '?', 'text xsd:decimal'],
    ['dcat:temporalResolution', '?', 'text xsd:duration'],
    ['dcatap:applicableLegislation', '*', 'eli:LegalResource'],
    ['dcatap:availability', '?', 'skos:Concept'],
    ['dct:conformsTo', '*', 'dct:Standard'],
    ['dct:description', '*', 'text'],
    ['dct:format', '?', 'dct:MediaTypeOrExtent'],
    ['dct:issued', '?', 'text'],
    ['dct:language', '*', 'dct:LinguisticSystem'],
    ['dct:license', '?', 'dct:LicenseDocument'],
    ['dct:modified', '?', 'text'],
    ['dct:rights', '*', 'dct:RightsStatement'],
    ['dct:title', '*', 'text'],
    ['adms:status', '?', 'skos:Concept'],
    ['foaf:page', '*', 'foaf:Document'],
    ['odrl:hasPolicy', '?', 'odrl:Policy'],
    ['spdx:checksum', '?', 'spdx:Checksum'],
  ],
  'adms:Identifier': [['skos:notation', '1', 'text']],
  'dct:LicenseDocument': [['dct:type', '*', 'skos:Concept']],
  'skos:Concept': [['skos:prefLabel', '+', 'text']],
  'skos:ConceptScheme': [['dct:title', '+', 'text']],
}

/** The table above as a graph of shapes. */
export function writtenShapes(): Store {
  const store = new Store()
  const { blankNode, literal, namedNode, quad } = DataFactory
  type Subject = ReturnType<typeof blankNode>
  type Value = Subject | ReturnType<typeof namedNode> | ReturnType<typeof literal>
  const say = (subject: Subject, path: string, object: Value): void =>
    void store.add(quad(subject, namedNode(full(path)), object))
  for (const [target, rules] of Object.entries(constraints)) {
    const shape = blankNode()
    say(shape, 'rdf:type', namedNode(full('sh:NodeShape')))
    say(shape, 'sh:targetClass', namedNode(full(target)))
    for (const [path, times, value] of rules) {
      const property = blankNode()
      const [kind, datatype] = value.split(' ') as [string, string?]
      say(shape, 'sh:property', property)
      say(property, 'sh:path', namedNode(full(path)))
      const count = (bound: string): void => say(property, bound, literal('1', namedNode(full('xsd:integer'))))
      if (times === '+' || times === '1') count('sh:minCount')
      if (times === '?' || times === '1') count('sh:maxCount')
      say(property, 'sh:nodeKind', namedNode(full(kind === 'text' ? 'sh:Literal' : 'sh:BlankNodeOrIRI')))
      if (datatype !== undefined) say(property, 'sh:datatype', namedNode(full(datatype)))
      if (kind !== 'text' && kind !== '') say(property, 'sh:class', namedNode(full(kind)))
    }
  }
  return store
}

/** JSON-LD as triples. Nothing is fetched: the documents bring their own context. */
export async function graphOf(document: object): Promise<Store> {
  const quads = await jsonld.toRDF(document as jsonld.JsonLdDocument, { format: 'application/n-quads' })
  return new Store(new Parser({ format: 'N-Quads' }).parse(quads as unknown as string))
}

/** What a graph does against the shapes: `class path`, each once, in the order of the alphabet. */
export async function violations(shapes: Store, graph: Store): Promise<string[]> {
  const { results } = await new SHACLValidator(shapes).validate(graph)
  const found = results.map(({ focusNode, path }) => {
    const types = graph.getObjects(focusNode as never, full('rdf:type'), null).map(({ value }) => short(value))
    return `${types.toSorted().join('+')} ${short(path?.value ?? '')}`
  })
  return [...new Set(found)].toSorted()
}

export function full(name: string): string {
  const [prefix = '', local = ''] = name.split(':', 2)
  const start = prefixes[prefix]
  if (start === undefined) throw new Error(`no prefix ${prefix}`)
  return start + local
}

function short(iri: string): string {
  const found = Object.entries(prefixes).find(([, start]) => iri.startsWith(start))
  return found === undefined ? iri : `${found[0]}:${iri.slice(found[1].length)}`
}
