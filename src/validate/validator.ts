/**
 * Compiles a standard into a validator of its records (Ajv, JSON Schema 2020-12, strict).
 *
 * It finds everything that is wrong with a record at once and never repeats a value of it. Pure: it neither changes the
 * record nor fills in defaults.
 */
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { ValidateFunction } from 'ajv'
import { HubError } from '../errors.ts'
import { identifiers } from '../identifiers/identifiers.ts'
import type { Issue, JsonObject, Language } from '../record.ts'
import type { CodeList } from '../code-list.ts'
import type { Standard } from '../standard.ts'
import { formats, formatTitles } from './formats.ts'
import { inlineSchema } from './inline.ts'
import { issuesOf } from './issues.ts'
import { annotations, checkDigitKeyword, codesKeyword, codesOnKeyword } from './keywords.ts'
import { lengthKeywords } from './lengths.ts'
import { issueOf } from './messages.ts'
import { regExpOfAjv } from './pattern.ts'
import { unrepresentableText } from './text.ts'
import { vocabularyIssues } from './vocabulary.ts'

/** Issues reject the record; warnings do not. Each stands at a pointer into the record. */
export type Findings = { readonly issues: readonly Issue[]; readonly warnings: readonly Issue[] }

export type Validator = { readonly validate: (record: JsonObject, language?: Language) => Findings }

type CodeLists = (id: string) => CodeList | undefined

/**
 * The validator of a standard's records. About 10 ms for 25 fields; make it once for each version.
 *
 * @throws {HubError} standard-invalid, with pointers into the document, for a keyword, a format or a code list that is
 * not known and for a schema that does not compile.
 */
export function compileValidator(standard: Standard, codeLists: CodeLists): Validator {
  const warned: Warning[] = []
  const ajv = newAjv()
  ajv.addKeyword(codesKeyword(codeLists))
  ajv.addKeyword(codesOnKeyword(codeLists, (list, property, pointer) => warned.push({ list, property, pointer })))
  ajv.addKeyword(checkDigitKeyword((format, pointer) => warned.push({ format, pointer })))
  const unknown = vocabularyIssues(ajv, standard.document, codeLists)
  if (unknown.length > 0) throw invalid(standard, unknown)
  const accepts = compile(ajv, standard)

  return {
    validate(record, language = 'en') {
      warned.length = 0
      const issues = accepts(record) ? [] : issuesOf(accepts.errors ?? [], language)
      for (const pointer of unrepresentableText(record)) issues.push(issueOf(pointer, 'text-unrepresentable', language))
      return { issues, warnings: warned.map(warning => describe(warning, language)) }
    },
  }
}

type Warning =
  | { readonly pointer: string; readonly format: string }
  | { readonly pointer: string; readonly list: string; readonly property: string }

function describe(warning: Warning, language: Language): Issue {
  const { pointer } = warning
  if (!('format' in warning)) return issueOf(pointer, 'code-not-in-force', language, warning)
  return issueOf(pointer, 'check-digit', language, { what: formatTitles(warning.format)?.[language] })
}

function newAjv(): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: true,
    // `required` in a condition names fields that the object around it defines.
    strictRequired: false,
    discriminator: true,
    messages: false,
    // A published document has passed schemas/meta/standard.json; compiling the meta-schema of JSON Schema takes longer than all the rest.
    meta: false,
    validateSchema: false,
    code: { regExp: regExpOfAjv },
  })
  for (const [name, { format }] of Object.entries(formats)) ajv.addFormat(name, format)
  // The keyword checkDigit checks these, beside every one of them.
  for (const { name } of identifiers) ajv.addFormat(name, true)
  ajv.addVocabulary(annotations)
  for (const definition of lengthKeywords) ajv.removeKeyword(String(definition.keyword)).addKeyword(definition)
  return ajv
}

function compile(ajv: Ajv2020, standard: Standard): ValidateFunction {
  try {
    return ajv.compile(inlineSchema(standard.document))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw invalid(standard, [issueOf('', 'schema-invalid', 'en', { reason })], error)
  }
}

function invalid({ id, version }: Standard, issues: readonly Issue[], cause?: unknown): HubError {
  return new HubError('standard-invalid', `The standard ${id} ${version} cannot be used: mend what the issues name.`, {
    issues,
    cause,
  })
}
