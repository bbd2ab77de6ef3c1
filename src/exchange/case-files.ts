/**
 * Cases as files: `<case>.<xml, json, …>` beside `<case>.expected.json`; `known.json` in the same folder tells all of them
 * what records of other standards an adapter that resolves would find.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { HubError } from '../errors.ts'

/** A case in files; `sent` is what `readCase` reads. */
export type CaseFile = { readonly name: string; readonly file: string; readonly sent: object }

const knownFile = 'known.json'
const expectedSuffix = '.expected.json'

/**
 * The cases that a file is the input of, or that a folder holds, by name.
 *
 * @throws {HubError} `file-unreadable` also where an input has no file beside it that says what is expected
 */
export function readCaseFiles(path: string): CaseFile[] {
  return inputFiles(path).map(file => ({ name: nameOf(file), file, sent: sentCase(file) }))
}

/**
 * The cases of an adapter's document that stands in `adapters/<department>/<name>.json`: those in
 * `fixtures/<department>/<name>/` beside `adapters/`. Empty where there is no such folder.
 */
export function casesBeside(adapterFile: string): CaseFile[] {
  const department = dirname(resolve(adapterFile))
  const folder = join(department, '../../fixtures', basename(department), nameOf(adapterFile))
  return basename(dirname(department)) === 'adapters' && existsSync(folder) ? readCaseFiles(folder) : []
}

/** The inputs of cases in a folder; a file is itself one. @throws {HubError} `file-unreadable` */
export function inputFiles(path: string): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path]
    return readdirSync(path)
      .filter(name => !name.endsWith(expectedSuffix) && name !== knownFile)
      .sort()
      .map(name => join(path, name))
  } catch (cause) {
    throw new HubError('file-unreadable', `Cannot read ${path}.`, { cause })
  }
}

/** An input's case without what it expects. @throws {HubError} `file-unreadable` */
export function sentInput(file: string): {
  readonly name: string
  readonly inputBase64: string
  readonly known?: unknown
} {
  const known = join(dirname(file), knownFile)
  return {
    name: nameOf(file),
    inputBase64: readBytes(file).toString('base64'),
    ...(existsSync(known) && { known: readJson(known) }),
  }
}

function sentCase(file: string): object {
  const expected = join(dirname(file), nameOf(file) + expectedSuffix)
  if (existsSync(expected)) return { ...sentInput(file), expected: readJson(expected) }
  throw new HubError(
    'file-unreadable',
    `${file} is no case: ${expected}, which says what is to come of it, is not there.`,
  )
}

function nameOf(file: string): string {
  return basename(file, extname(file))
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readBytes(file).toString('utf8')) as unknown
  } catch (cause) {
    if (cause instanceof HubError) throw cause
    throw new HubError('file-unreadable', `${file} is not JSON.`, { cause })
  }
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (cause) {
    throw new HubError('file-unreadable', `Cannot read ${file}.`, { cause })
  }
}
