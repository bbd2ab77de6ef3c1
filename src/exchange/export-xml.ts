/**
 * An export as XML 1.0: `<records>` with a `<record>` for each, whose elements are the members of a served record, and last
 * `<cursor>`. A cut one is not well-formed.
 *
 * An array is its element repeated; an array in an array has `<item>`s. Null is `xsi:nil="true"`, absent and an empty array
 * are no element. A text that XML cannot hold (most control characters, U+FFFE, U+FFFF) is the base64 of its UTF-8, and the
 * element says `encoding="base64"`: to leave such characters out would give out what nobody delivered.
 */
import { XMLBuilder } from 'fast-xml-parser'
import type { Json, JsonObject } from '../record.ts'
import { decodeUtf8 } from '../utf8-text.ts'
import type { ExportWriter } from './export-writer.ts'

const builder = new XMLBuilder({
  attributeNamePrefix: '@',
  ignoreAttributes: false,
  // Else `nil` would stand without its value, which is no XML.
  suppressBooleanAttributes: false,
  entities: [
    { regex: /&/g, val: '&amp;' },
    { regex: /</g, val: '&lt;' },
    { regex: />/g, val: '&gt;' },
    { regex: /"/g, val: '&quot;' },
    // A reader takes it for a line feed where it stands as it is (XML 1.0 §2.11).
    { regex: /\r/g, val: '&#13;' },
  ],
} as ConstructorParameters<typeof XMLBuilder>[0])

const xsi = 'http://www.w3.org/2001/XMLSchema-instance'

export function xmlWriter(): ExportWriter {
  return {
    begin: Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n<records xmlns:xsi="${xsi}">\n`),
    write(records) {
      const elements = records.map(text => {
        const record = elementOf(JSON.parse(decodeUtf8(text)) as JsonObject)
        return `${builder.build({ record }) as string}\n`
      })
      return Buffer.from(elements.join(''))
    },
    end: cursor => Buffer.from(`<cursor>${cursor}</cursor>\n</records>\n`),
  }
}

/** What the builder makes the element of a value of. */
function elementOf(value: Json): Json {
  if (value === null) return { '@xsi:nil': 'true' }
  if (typeof value === 'string') {
    if (!unfit.test(value)) return value
    return { '@encoding': 'base64', '#text': Buffer.from(value).toString('base64') }
  }
  if (typeof value !== 'object') return String(value)
  if (Array.isArray(value)) {
    return value.map(inner => (Array.isArray(inner) ? { item: elementOf(inner) } : elementOf(inner)))
  }
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, elementOf(inner)]))
}

/** Whatever is no Char (XML 1.0 §2.2); lone surrogates are in no record. */
// oxlint-disable-next-line no-control-regex
const unfit = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/
