/** Writes an export's records in the format that was asked for; NDJSON here, the others in files of their own. */
import { bytesOf, type Utf8Text } from '../utf8-text.ts'
import { csvWriter } from './export-csv.ts'
import { xmlWriter } from './export-xml.ts'
import type { Grant } from './served-text.ts'

export type ExportWriter = {
  readonly begin: Buffer
  /** @param records as they are served */
  write(records: readonly Utf8Text[]): Buffer
  /** @param cursor what to go on from */
  end(cursor: string): Buffer
}

export const exportFormats = {
  ndjson: { mediaType: 'application/x-ndjson', contentType: 'application/x-ndjson', writerOf: ndjsonWriter },
  csv: { mediaType: 'text/csv', contentType: 'text/csv; charset=utf-8; header=present', writerOf: csvWriter },
  xml: { mediaType: 'application/xml', contentType: 'application/xml; charset=utf-8', writerOf: xmlWriter },
} as const satisfies Record<
  string,
  { mediaType: string; contentType: string; writerOf: (grant: Grant) => ExportWriter }
>

export type ExportFormat = keyof typeof exportFormats

/** A record a line, as it is served; the last line is `{"cursor":"…"}`: without it, the export was cut. */
function ndjsonWriter(): ExportWriter {
  return {
    begin: Buffer.alloc(0),
    write: records => (records.length === 0 ? Buffer.alloc(0) : inLines(bytesOf(`${records.join('\r')}\r`))),
    end: cursor => Buffer.from(`{"cursor":${JSON.stringify(cursor)}}\n`),
  }
}

/**
 * Takes the line feeds out that stored text has between members, and ends each record, which ends in a carriage return,
 * with one; in place. In values, both are escaped.
 */
function inLines(bytes: Buffer): Buffer {
  let end = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number
    if (byte === 0x0a) continue
    bytes[end++] = byte === 0x0d ? 0x0a : byte
  }
  return bytes.subarray(0, end)
}
