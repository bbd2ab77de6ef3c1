/**
 * The adapter document as a type; its shape is checked by `schemas/meta/adapter.json` (shape.ts).
 *
 * Written by hand: which members of a rule go together the schema says in keywords that no generator of types reads.
 */
import type { FieldPath, Json, Titles } from '../record.ts'
import type { Source } from '../source.ts'
import type { PullDescription } from './pull.ts'

export type AdapterDocument = {
  readonly adapter: {
    readonly department: string
    readonly name: string
    readonly version: string
    readonly titles: Titles
  }
  readonly standard: { readonly id: string; readonly major: number }
  readonly source: SourceDescription
  readonly group?: Grouping
  readonly mode: 'snapshot' | 'delta'
  /** Where the hub fetches the input itself. */
  readonly pull?: PullDescription
  readonly scope?: string
  readonly recordId?: string
  readonly asOf?: Rule
  readonly withdraw?: { readonly when: Condition }
  readonly order?: 'input' | Rule
  readonly absentWhen?: readonly string[]
  readonly timezone?: string
  readonly fields: Rules
}

/** How the input is written and where its records are: what the parser goes by. */
export type SourceDescription = Source & {
  /** Which of the records count; the others are passed over. */
  readonly where?: Condition
}

/** Makes one source record of the rows with equal texts at all of `by`; they stand in it under `as`. */
export type Grouping = {
  /** Paths that lead down from the row, or for an inner grouping from its rows. */
  readonly by: readonly string[]
  /** `rows` where it is not given. */
  readonly as?: string
  /** True where the rows of a group follow one another. Only of the outermost grouping. */
  readonly contiguous?: boolean
  /** Groups the rows of a group again; `as` then names these groups. */
  readonly group?: Grouping
}

export type Rules = { readonly [name: string]: Rule }

/** What gives a value of the standard: exactly one of the kinds of rule. */
export type Rule = RuleKind & { readonly default?: Json; readonly when?: Condition }

export type RuleKind =
  | FromRule
  | ValueRule
  | FirstOfRule
  | ListOfRule
  | ConcatRule
  | NodesRule
  | FieldsRule
  | AggregateRule
  | DigestRule
  | ResolveRule

/** How a text becomes a value: absent, null, or what `via` and then `codes` and `translate` make of it. */
export type TextRule = {
  readonly via?: readonly Via[]
  readonly absentWhen?: readonly string[]
  readonly nullWhen?: readonly string[]
} & CodesRule

export type CodesRule = {
  readonly codes?: Codes
  readonly translate?: Translation
  /** The code of texts that neither lists. */
  readonly unlisted?: string
}

/** By the titles of a published code list, or by a published crosswalk; `on` gives the day that decides. */
export type Translation = ({ readonly list: string; readonly by: 'title' } | { readonly crosswalk: string }) & {
  readonly on?: Rule
}

export type FromRule = { readonly from: string } & TextRule

export type ValueRule = { readonly value: Json }

export type FirstOfRule = { readonly firstOf: readonly Rule[] }

export type ListOfRule = {
  readonly listOf: readonly Rule[]
  readonly via?: readonly Via[]
  /** Absent unless every one of the rules gives a value. */
  readonly complete?: boolean
}

/** One list of what rules give that give lists. */
export type ConcatRule = { readonly concat: readonly Rule[] }

/** Keeps some of the nodes at a path, and puts them in order. */
export type NodeFilters = {
  readonly where?: Condition
  readonly join?: { readonly [inner: string]: string }
  /** Gives a text of each node; the least comes first. */
  readonly sortBy?: Rule
}

/** `each`: an element for every node at the path; `one`: what the only node at the path gives, or the one to `take`. */
export type NodesRule = (
  { readonly each: string; readonly via?: readonly Via[] } | { readonly one: string; readonly take?: 'first' | 'last' }
) &
  (FieldsRule | { readonly item: Rule }) &
  NodeFilters & { readonly split?: Splitting }

/** Separators, or a pattern of them, at which texts are split into nodes; `before`: a pattern that each part begins with. */
export type Splitting = string | readonly string[] | { readonly pattern: string } | { readonly before: string }

export type FieldsRule = { readonly fields: Rules; readonly needs?: readonly string[] }

/** One value of all the nodes at a path. */
export type AggregateRule = (
  | { readonly count: string }
  | { readonly countDistinct: string }
  | { readonly sum: string }
  | { readonly min: string }
  | { readonly max: string }
  | { readonly first: string }
  | { readonly last: string }
) &
  NodeFilters &
  TextRule

/** A digest of what rules give, for sources without an identifier. */
export type DigestRule = { readonly digestOf: readonly Rule[] }

/** A field of another standard's record. */
export type ResolveRule = {
  readonly resolve: {
    readonly standard: string
    readonly major: number
    readonly matter: string
    /** Gives the record's key; several give its parts. */
    readonly key: Rule | readonly Rule[]
    readonly field: FieldPath
  }
}

/** A transform's name, or an object with its parameters under its name. */
export type Via = string | { readonly [name: string]: Json }

export type Codes = { readonly [sourceText: string]: string }

export type Condition =
  | { readonly path: string; readonly is: string | readonly string[] }
  | { readonly path: string; readonly present: boolean }
  | { readonly path: string; readonly matches: string }
  | { readonly not: Condition }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
