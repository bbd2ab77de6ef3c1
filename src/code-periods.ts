/**
 * What a code of a list was on a day: in force or not, under which titles. Days are YYYY-MM-DD and compare as texts.
 */
import type { Code, CodeList, CodeTitles, Edition } from './code-list.ts'

/** The last of all days, where none is named: YYYY-MM-DD like the others, so that the day itself lies in it. */
export const endless = '9999-12-31'

/** A time in which a code meant one thing; without `from` since ever, without `to` for good. Both days included. */
export type Period = { readonly titles: CodeTitles; readonly from?: string; readonly to?: string }

/** The periods of a code, oldest first; they do not overlap. */
export function periodsOf({ titles, from, to, former = [] }: Code): Period[] {
  return [...former, { titles, ...(from !== undefined && { from }), ...(to !== undefined && { to }) }]
}

/** The period of the code that the day lies in, or undefined where the code was not in force. */
export function periodOn(code: Code, day: string): Period | undefined {
  return periodsOf(code).find(({ from, to }) => isWithin(day, from, to))
}

/** Whether the day lies between two others, both included; since ever and for good where they are missing. */
export function isWithin(day: string, from = '', to = endless): boolean {
  return from <= day && day <= to
}

/** The codes in force on a day, each as it was then: with the titles and the period of then. */
export function codesOn(codes: readonly Code[], day: string): Code[] {
  return codes.flatMap(each => {
    const period = periodOn(each, day)
    const { code, parent, local } = each
    if (period === undefined) return []
    return [{ code, ...period, ...(parent !== undefined && { parent }), ...(local && { local }) }]
  })
}

/** The edition of that name, if the list holds it. */
export function editionOf({ editions = [] }: CodeList, name: string): Edition | undefined {
  return editions.find(edition => edition.name === name)
}
