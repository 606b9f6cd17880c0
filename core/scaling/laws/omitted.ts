/** A published law that is not among `laws`. */
interface OmittedLaw {
  /** Authors and year. */
  readonly name: string
  /** arXiv id. */
  readonly paper: string
}

/** Laws of effective size for models with experts, of whose constants no checked source was found. */
const omittedLaws: readonly OmittedLaw[] = [
  { name: 'Abnar et al. 2025', paper: '2501.12370' },
  { name: 'Ludziejewski et al. 2025', paper: '2502.05172' },
  { name: 'Tian et al. 2025', paper: '2507.17702' }
]

/** One sentence: which laws are left out, and why. */
export const omittedText = `Left out, since their constants could not be checked in a source: ${omittedLaws
  .map(({ name, paper }) => `${name} (arXiv ${paper})`)
  .join(', ')}.`
