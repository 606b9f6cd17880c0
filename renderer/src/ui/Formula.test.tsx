import { laws } from '@core/scaling/laws'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { Formula } from './Formula'

const markup = (text: string) =>
  renderToStaticMarkup(<Formula text={text} />).replaceAll('<mspace width="0.22em"></mspace>', ' ')

test('fractions, powers and Greek letters are set as in the paper', () => {
  expect(markup('L = E + A / N^alpha')).toBe(
    '<math><mi>L</mi><mo>=</mo><mi>E</mi><mo>+</mo><mfrac><mi>A</mi><msup><mi>N</mi><mi>α</mi></msup></mfrac></math>'
  )
})

test('brackets go where a fraction bar or a raised place takes their part', () => {
  expect(markup('(a + b) / (2 c)')).toBe(
    '<math><mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mrow><mn>2</mn> <mi>c</mi></mrow></mfrac></math>'
  )
  expect(markup('N^(a + b)')).toContain('<msup><mi>N</mi><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow></msup>')
  expect(markup('L(N)')).toBe('<math><mi>L</mi><mrow><mo>(</mo><mi>N</mi><mo>)</mo></mrow></math>')
})

test('negative powers, powers of ten, subscripts, hats, primes and roots', () => {
  expect(markup('N^-0.47')).toBe('<math><msup><mi>N</mi><mrow><mo>−</mo><mn>0.47</mn></mrow></msup></math>')
  expect(markup('8.8e13')).toContain('<mn>8.8</mn><mo>×</mo><msup><mn>10</mn><mn>13</mn></msup>')
  expect(markup('P_kv')).toBe('<math><msub><mi>P</mi><mi>kv</mi></msub></math>')
  expect(markup("E^ + D'")).toBe('<math><mover accent="true"><mi>E</mi><mo>^</mo></mover><mo>+</mo><mi>D′</mi></math>')
  expect(markup('sqrt(total * active)')).toBe('<math><msqrt><mi>total</mi><mo>×</mo><mi>active</mi></msqrt></math>')
})

test('a line breaks between the parts of a formula, and not within brackets', () => {
  expect(markup('L(N) = 1; L(N, D) of both, x with y').match(/<math>/g)).toHaveLength(4)
})

test.each(laws.map(({ id, formula }) => [id, formula]))('nothing of the formula of %s is lost', (_, formula) => {
  const set = markup(formula).replaceAll(/<[^>]*>/g, '')
  const names = (text: string) => text.match(/\p{L}+/gu) ?? []
  const spelled = set.replaceAll('α', 'alpha').replaceAll('β', 'beta').replaceAll('γ', 'gamma')
  expect(names(spelled.replaceAll(/\s/g, '')).join('')).toBe(
    names(formula.replaceAll('sqrt', '').replaceAll(/(\d)e(?=\d)/g, '$1')).join('')
  )
})
