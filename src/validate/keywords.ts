/**
 * The keywords that the catalogue adds to JSON Schema, as Ajv takes them.
 *
 * They generate code rather than being called with a context: it saves an allocation for every value of every record.
 */
import { _, Name, str, type CodeKeywordDefinition } from 'ajv'
import { identifierOf } from '../identifiers/identifiers.ts'
import type { CodeList } from '../standard.ts'

/** Keywords that say something of a field and check nothing. */
export const annotations = ['standard', 'titles', 'level', 'sharing', 'indexed', 'unit']

/** `codes`: the string is one of the codes of the list. */
export function codesKeyword(codeLists: (id: string) => CodeList | undefined): CodeKeywordDefinition {
  return {
    keyword: 'codes',
    type: 'string',
    schemaType: 'string',
    error: { message: 'is not a code of the list', params: ({ schemaCode }) => _`{list: ${schemaCode}}` },
    code(cxt) {
      const list = codeLists(String(cxt.schema))
      if (list === undefined) throw new Error('bug: a code list was not looked for before compiling')
      const codes = new Set(list.codes.map(({ code }) => code))
      cxt.fail(_`!${cxt.gen.scopeValue('obj', { ref: codes })}.has(${cxt.data})`)
    },
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
