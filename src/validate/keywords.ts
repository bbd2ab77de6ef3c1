/**
 * The keywords that the catalogue adds to JSON Schema, as Ajv takes them.
 *
 * They generate code rather than being called with a context: it saves an allocation for every value of every record.
 */
import { _, Name, str, type CodeKeywordDefinition } from 'ajv'
import { periodOn } from '../code-periods.ts'
import { identifierOf } from '../identifiers/identifiers.ts'
import type { Code, CodeList } from '../code-list.ts'

/** Keywords that say something of a field and check nothing. */
export const annotations = ['standard', 'conversion', 'titles', 'level', 'sharing', 'indexed', 'authority', 'unit']

type CodeLists = (id: string) => CodeList | undefined

/** `codes`: the string is one of the codes of the list, in force or not, or one that the list lets be refined. */
export function codesKeyword(codeLists: CodeLists): CodeKeywordDefinition {
  return {
    keyword: 'codes',
    type: 'string',
    schemaType: 'string',
    error: { message: 'is not a code of the list', params: ({ schemaCode }) => _`{list: ${schemaCode}}` },
    code(cxt) {
      const list = listNamed(cxt.schema, codeLists)
      const codes = cxt.gen.scopeValue('obj', { ref: codesOf(list) })
      if (list.refined === undefined) return cxt.fail(_`!${codes}.has(${cxt.data})`)
      const find = cxt.gen.scopeValue('func', { ref: finderOf(list) })
      cxt.fail(_`!${codes}.has(${cxt.data}) && ${find}(${cxt.data}) === undefined`)
    },
  }
}

/** Called with the list, the name of the date and the place of a code that was not in force on that day. */
export type WarnOfDay = (list: string, property: string, instancePath: string) => void

/** `codesOn`: warns of a code of the list beside it that was not in force on the day of the field that it names. */
export function codesOnKeyword(codeLists: CodeLists, warn: WarnOfDay): CodeKeywordDefinition {
  return {
    keyword: 'codesOn',
    type: 'string',
    schemaType: 'string',
    code(cxt) {
      const list = listNamed(cxt.parentSchema['codes'], codeLists)
      const property = String(cxt.schema)
      const find = finderOf(list)
      const look = (text: string, date: unknown, instancePath: string): void => {
        // What is wrong with the date or with the code is said where they are checked.
        const day = typeof date === 'string' ? /^\d{4}-\d{2}-\d{2}/.exec(date)?.[0] : undefined
        const code = day === undefined ? undefined : find(text)
        if (day !== undefined && code !== undefined && !periodOn(code, day)) warn(list.id, property, instancePath)
      }
      // Not while a condition is only tried.
      if (cxt.it.createErrors === false) return
      const date = _`${cxt.it.parentData}[${property}]`
      const instancePath = str`${new Name('instancePath')}${cxt.it.errorPath}`
      cxt.gen.code(_`${cxt.gen.scopeValue('func', { ref: look })}(${cxt.data}, ${date}, ${instancePath})`)
    },
  }
}

function listNamed(id: unknown, codeLists: CodeLists): CodeList {
  const list = codeLists(String(id))
  if (list === undefined) throw new Error('bug: a code list was not looked for before compiling')
  return list
}

function codesOf({ codes }: CodeList): Map<string, Code> {
  return new Map(codes.map(code => [code.code, code]))
}

/** The code that a text is, or that it refines. */
function finderOf(list: CodeList): (text: string) => Code | undefined {
  const codes = codesOf(list)
  const { prefix = 0, lengths = [] } = list.refined ?? {}
  return text => {
    const code = codes.get(text)
    if (code !== undefined || !lengths.includes(text.length) || !/^\d+$/.test(text)) return code
    return codes.get(text.slice(0, prefix))
  }
}

/** Called with the format and the place of an identifier whose check digit is wrong and only warned of. */
export type Warn = (format: string, instancePath: string) => void

/**
 * `checkDigit`: the string is the identifier that `format` names, a wrong check digit being an error (`reject`) or a
 * warning (`warn`).
 */
export function checkDigitKeyword(warn: Warn): CodeKeywordDefinition {
  return {
    keyword: 'checkDigit',
    type: 'string',
    schemaType: 'string',
    error: {
      message: 'is not the identifier',
      params: ({ params, parentSchema }) => _`{fault: ${params['fault']}, format: ${parentSchema?.['format']}}`,
    },
    code(cxt) {
      const format = String(cxt.parentSchema['format'])
      const identifier = identifierOf(format)
      if (identifier === undefined) throw new Error('bug: checkDigit stands beside no identifier')
      const check = cxt.gen.scopeValue('func', { ref: identifier.check })
      const fault = cxt.gen.const('fault', _`${check}(${cxt.data})`)
      cxt.setParams({ fault })
      if (cxt.schema === 'reject') return cxt.fail(_`${fault} !== undefined`)
      const tolerated = (found: string, instancePath: string): boolean => {
        if (!found.endsWith('check-digit')) return false
        // Not while a condition is only tried.
        if (cxt.it.createErrors !== false) warn(format, instancePath)
        return true
      }
      const tolerate = cxt.gen.scopeValue('func', { ref: tolerated })
      const instancePath = str`${new Name('instancePath')}${cxt.it.errorPath}`
      cxt.fail(_`${fault} !== undefined && !${tolerate}(${fault}, ${instancePath})`)
    },
  }
}
