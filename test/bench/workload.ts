/** What is measured on: a standard of 25 fields, records of 1 KB in it, an adapter from XML. Always the same bytes. */
import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import { documentWith } from '../standards.ts'

const text = { type: 'string', maxLength: 400 }

export const benchStandard = documentWith({
  id: 'bench-record',
  key: ['id'],
  subjects: ['creditCode'],
  required: ['id', 'creditCode', 'name', 'status'],
  properties: {
    id: text,
    creditCode: text,
    name: { ...text, indexed: true },
    status: { type: 'string', enum: ['1', '2', '3'], indexed: true },
    ...Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`field${index + 1}`, text])),
    capital: { type: 'string', format: 'decimal' },
    staff: { type: 'integer', minimum: 0 },
    establishedOn: { type: 'string', format: 'date' },
    approvedOn: { type: 'string', format: 'date' },
  },
})

export const benchAdapter = {
  adapter: { department: 'data-bureau', name: 'bench', version: '1.0.0', titles: { 'zh-CN': '测速', en: 'Bench' } },
  standard: { id: 'bench-record', major: 1 },
  source: { format: 'xml', records: 'ROOT/CONTENT/ROW' },
  mode: 'delta',
  recordId: 'ID',
  fields: {
    id: { from: 'ID' },
    creditCode: { from: 'XYDM' },
    name: { from: 'MC', via: ['trim'] },
    status: { from: 'ZT', codes: { 开业: '1', 吊销: '2', 注销: '3' } },
    ...Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`field${index + 1}`, { from: `F${index + 1}` }])),
    capital: { from: 'ZCZB', via: ['decimal'] },
    staff: { from: 'RS', via: ['integer'] },
    establishedOn: { from: 'CLRQ', via: [{ date: { formats: ['YYYYMMDD'] } }] },
    approvedOn: { from: 'HZRQ', via: [{ date: { formats: ['YYYYMMDD'] } }] },
  },
}

export const recordKey = (index: number): string => `BENCH${String(index).padStart(8, '0')}`

/** A record of about 1,000 bytes, half of its text Chinese. */
export function recordXml(index: number): string {
  const fields = Array.from({ length: 17 }, (_, field) => {
    const value =
      field % 2 === 0
        ? `示例县演示镇示范街道第${(index * 7 + field) % 9973}号`
        : `An example value, number ${(index * 13 + field) % 99991}`
    return `<F${field + 1}>${value}</F${field + 1}>`
  })
  const status = ['开业', '吊销', '注销'][index % 3]
  const day = String(1 + (index % 28)).padStart(2, '0')
  return `<ROW><ID>${recordKey(index)}</ID><XYDM>9133119${String(index).padStart(11, '0')}</XYDM><MC>示例食品有限公司 &amp; ${index}</MC><ZT>${status}</ZT>${fields.join('')}<ZCZB>${index}.50</ZCZB><RS>${index % 500}</RS><CLRQ>201706${day}</CLRQ><HZRQ>202401${day}</HZRQ></ROW>`
}

/** Writes the input of so many records; its size in bytes. */
export async function writeInput(file: string, records: number): Promise<number> {
  const out = createWriteStream(file)
  out.write('<?xml version="1.0" encoding="UTF-8"?>\n<ROOT><HEAD><MSGCODE>1</MSGCODE></HEAD><CONTENT>\n')
  for (let index = 0; index < records; index += 1000) {
    let text = ''
    for (let at = index; at < Math.min(index + 1000, records); at++) text += `${recordXml(at)}\n`
    if (!out.write(text)) await once(out, 'drain')
  }
  out.end('</CONTENT></ROOT>\n')
  await once(out, 'finish')
  return out.bytesWritten
}
