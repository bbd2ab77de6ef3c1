import { CsvReader } from './csv.ts'
import { JsonReader } from './json.ts'
import { NdjsonReader } from './ndjson.ts'
import type { Reader, Reading } from './reading.ts'
import { XmlReader } from './xml.ts'

const readers = { xml: XmlReader, json: JsonReader, ndjson: NdjsonReader, csv: CsvReader }

export function newReader(reading: Reading): Reader {
  return new readers[reading.source.format](reading)
}
