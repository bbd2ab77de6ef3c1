/** What the growth of one record carries along: where its chances come from, and how it leans. */
import type { Json } from '../../record.ts'
import type { SchemaNode } from '../../standard.ts'
import type { CodeBook } from './code-book.ts'
import type { Hints, Place } from './hints.ts'
import type { Random } from './random.ts'

export type Growing = {
  readonly random: Random
  readonly codes: CodeBook
  readonly hints: Hints
  /** How likely an optional field is there: none, some or all of them in one record. */
  readonly fill: number
  /** How likely a value stands at a limit. */
  readonly edge: number
  /** How many more values may be tried: a schema that contradicts itself ends here. */
  fuel: number
}

/** Grows the value at a place under all of the schemas; undefined where none was found. */
export type Grow = (growing: Growing, schemas: readonly SchemaNode[], place: Place) => Json | undefined
