/** A standard as a draft looks at it: the fields of a record, and of the elements of each list in it. */
import { targetOf, type Target } from '../../map/target.ts'
import type { Titles } from '../../record.ts'
import type { Standard, SchemaNode } from '../../standard.ts'
import { resolveRef } from '../../standard.ts'
import type { Called } from './names.ts'

/** A leaf of a standard; a list of texts is one. */
export type TargetField = Called & {
  readonly schema: SchemaNode
  readonly target: Target
  readonly isSealed: boolean
  /** Among those that the object it stands in must have. */
  readonly isRequired: boolean
}

/** A record, or an element of a list of objects. */
export type TargetScope = {
  /** From the scope around it; none for the record. */
  readonly names: readonly string[]
  readonly called: Called
  readonly fields: readonly TargetField[]
  readonly lists: readonly TargetScope[]
  readonly target: Target
}

export function targetScope({ document }: Standard): TargetScope {
  return scopeOf(document, document, [], false)
}

function scopeOf(document: SchemaNode, node: SchemaNode, names: readonly string[], isSealed: boolean): TargetScope {
  const fields: TargetField[] = []
  const lists: TargetScope[] = []
  walk(node, [], { isSealed })
  return { names, called: calledBy(node, names), fields, lists, target: targetOf(document, node) }

  function walk(object: SchemaNode, above: readonly string[], around: { isSealed: boolean; titles?: Titles }): void {
    for (const [name, raw] of Object.entries(object.properties ?? {})) {
      const own = resolveRef(document, raw)
      const path = [...above, name]
      const isSealedHere = own.level === undefined ? around.isSealed : own.level === 'L3' || own.level === 'L4'
      const branch = objectIn(document, own)
      const element = own.items === undefined ? undefined : objectIn(document, resolveRef(document, own.items))
      if (branch !== undefined)
        walk(branch, path, { isSealed: isSealedHere, ...(own.titles && { titles: own.titles }) })
      else if (element !== undefined) {
        lists.push({ ...scopeOf(document, element, path, isSealedHere), called: calledBy(own, path) })
      } else {
        fields.push({
          ...calledBy(own, path),
          ...(around.titles && { inside: around.titles }),
          schema: own,
          target: targetOf(document, own),
          isSealed: isSealedHere,
          isRequired: (object.required ?? []).includes(name),
        })
      }
    }
  }
}

/** The node itself where it describes an object, or the first of its alternatives that does. */
function objectIn(document: SchemaNode, node: SchemaNode): SchemaNode | undefined {
  const choices = [node['anyOf'], node['oneOf']].filter(Array.isArray).flat() as SchemaNode[]
  return [node, ...choices.map(choice => resolveRef(document, choice))].find(
    ({ properties }) => properties !== undefined,
  )
}

function calledBy({ titles, description }: SchemaNode, names: readonly string[]): Called {
  const own = names.at(-1) ?? ''
  return {
    names,
    titles: titles ?? { 'zh-CN': own, en: own },
    description: typeof description === 'string' ? description : '',
  }
}
