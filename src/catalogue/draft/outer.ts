/** Texts around the records: of a header, or of what the records stand in. */
import { escapeName } from '../../parse/source.ts'
import type { SourceNode } from '../../record.ts'

/** More are those of a description of the data, like the columns of a table, and not about the records. */
const most = 20

/**
 * The absolute paths of the texts that stand beside the way to the records; none where there are too many.
 *
 * Of what repeats the first is looked at.
 */
export function textsAround(tree: SourceNode, records: readonly string[]): string[] {
  const paths: string[] = []
  let node: SourceNode | undefined = tree
  let at = ''
  for (const name of records) {
    const branch = firstOf(node)
    if (typeof branch !== 'object' || branch === null || Array.isArray(branch)) break
    for (const [other, child] of Object.entries(branch))
      if (other !== name && other !== '#text') collect(child, `${at}/${escapeName(other)}`)
    node = branch[name]
    at += `/${escapeName(name)}`
  }
  return paths.length > most ? [] : paths

  function collect(child: SourceNode, path: string): void {
    if (typeof child === 'string') paths.push(path)
    else if (child !== null && !Array.isArray(child)) {
      for (const [name, inner] of Object.entries(child))
        collect(inner, name === '#text' ? path : `${path}/${escapeName(name)}`)
    }
  }
}

/**
 * A record with the texts around it in its tree: under the name '', which no source has, so that their paths begin with
 * a slash.
 */
export function withContext(node: SourceNode, context: { readonly [path: string]: string }): SourceNode {
  const texts = Object.entries(context).filter(([path]) => path.startsWith('/'))
  if (texts.length === 0 || typeof node !== 'object' || node === null || Array.isArray(node)) return node
  const root: { [name: string]: SourceNode } = {}
  for (const [path, text] of texts) put(root, path.slice(1).split('/').map(unescapeName), text)
  return { ...node, '': root }
}

function put(tree: { [name: string]: SourceNode }, [name = '', ...rest]: readonly string[], text: string): void {
  if (rest.length === 0) tree[name] = text
  else {
    const below = tree[name]
    const branch = typeof below === 'object' && below !== null && !Array.isArray(below) ? below : (tree[name] = {})
    put(branch, rest, text)
  }
}

function unescapeName(name: string): string {
  return name.replaceAll('~1', '/').replaceAll('~0', '~')
}

function firstOf(node: SourceNode | undefined): SourceNode | undefined {
  return Array.isArray(node) ? firstOf(node[0]) : node
}
