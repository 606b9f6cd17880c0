import { createElement, Fragment, isValidElement, type ReactNode } from 'react'

/**
 * A formula that is written in one line, set as MathML: `L = E + A / N^alpha`, `N_eff`, `8.8e13`, `sqrt(a * b)`; a `^`
 * with nothing above it is a hat, and words stay words. Lines break behind `;` and `,` and before `with`.
 */
export function Formula({ text }: { text: string }) {
  return text.split(parts).map((part, i) => (
    // oxlint-disable-next-line react/no-array-index-key -- the parts of a text do not move
    <Fragment key={i}>
      {i > 0 && ' '}
      {createElement('math', null, ...row(tokensOf(part)))}
    </Fragment>
  ))
}

/** Spaces between the parts of a formula, none of them within brackets. */
const parts = / (?<=[;,] )(?![^(]*\))| (?=with )/

/** Numbers with their exponent, names with primes, and single signs. */
function tokensOf(text: string): string[] {
  return text.match(/\d+(?:\.\d+)?(?:e\d+)?|\p{L}+'*|\S/gu) ?? []
}

/** Takes items from the front until the text or its bracket ends. */
function row(tokens: string[]): ReactNode[] {
  const items: ReactNode[] = []
  while (tokens.length > 0 && tokens[0] !== ')') {
    if (tokens[0] === '/') {
      tokens.shift()
      items.push(createElement('mfrac', null, bare(items.pop()), bare(item(tokens))))
    } else items.push(item(tokens))
  }
  return items.flatMap((each, i) => (i > 0 && apart(items[i - 1], each) ? [thinSpace, each] : [each]))
}

const thinSpace = createElement('mspace', { width: '0.22em' })

/** True of neighbours that are multiplied or are words, which have no sign between them that makes room. */
function apart(before: ReactNode, after: ReactNode): boolean {
  return [before, after].every((each) => isValidElement(each) && each.type !== 'mo') && !isGroup(after)
}

/** A number, a name, a bracket or a sign, with what stands above or below it. */
function item(tokens: string[]): ReactNode {
  const token = tokens.shift() ?? ''
  const base = token === '(' ? <Group inside={inside(tokens)} /> : token === 'sqrt' ? root(tokens) : leaf(token)
  const sign = tokens[0]
  if (sign !== '_' && sign !== '^') return base
  tokens.shift()
  if (sign === '_') return createElement('msub', null, base, item(tokens))
  const negative = tokens[0] === '-' || tokens[0] === '−'
  if (negative) tokens.shift()
  if (!/^[\p{L}\d(]/u.test(tokens[0] ?? '')) return createElement('mover', { accent: 'true' }, base, leaf('^'))
  const power = bare(item(tokens))
  return createElement('msup', null, base, negative ? createElement('mrow', null, leaf('-'), power) : power)
}

/** The contents of an open bracket, up to its end. */
function inside(tokens: string[]): ReactNode[] {
  const items = row(tokens)
  tokens.shift()
  return items
}

function root(tokens: string[]): ReactNode {
  tokens.shift()
  return createElement('msqrt', null, ...inside(tokens))
}

function Group({ inside }: { inside: readonly ReactNode[] }) {
  return createElement('mrow', null, leaf('('), ...inside, leaf(')'))
}

function isGroup(node: ReactNode): node is ReturnType<typeof Group> {
  return isValidElement(node) && node.type === Group
}

/** Without the brackets that a fraction bar or a raised place makes needless. */
function bare(node: ReactNode): ReactNode {
  return isGroup(node) ? createElement('mrow', null, ...(node.props as { inside: readonly ReactNode[] }).inside) : node
}

const signs: Readonly<Record<string, string>> = { '-': '−', '*': '×' }

const greek: Readonly<Record<string, string>> = { alpha: 'α', beta: 'β', gamma: 'γ' }

function leaf(token: string): ReactNode {
  const [digits = '', power] = token.split('e')
  if (/^\d/.test(token)) {
    const number = createElement('mn', null, digits)
    if (power === undefined) return number
    const ten = createElement('msup', null, createElement('mn', null, '10'), createElement('mn', null, power))
    return createElement('mrow', null, number, createElement('mo', null, '×'), ten)
  }
  if (!/^\p{L}/u.test(token)) return createElement('mo', null, signs[token] ?? token)
  return createElement('mi', null, greek[token] ?? token.replaceAll("'", '′'))
}
