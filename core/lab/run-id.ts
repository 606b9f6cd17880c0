/** Addresses of runs: the hash of the specification. */
import { canonicalJson } from '../canonical-json'
import type { Run } from './run'

/** The beginning of an id, made of a name: lower-case letters, digits and hyphens. */
export function stemOf(name: string): string {
  const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? []
  return words.join('-').slice(-40)
}

/** SHA-256 of bytes or text as 64 hexadecimal digits. */
export async function sha256(content: Uint8Array | string): Promise<string> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(bytes))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/**
 * `STEM-1f3a9c02`: a readable stem and the beginning of the hash of kind and spec.
 *
 * @param digits of the hash, 4 bits each; 8 are too few where a hundred thousand runs lie together
 * @param hash SHA-256 as hexadecimal digits: a platform may have a quicker one for short texts
 * @param textOf as `canonicalJson` has it, of the parts of the spec
 */
export async function runId(
  stem: string,
  { kind, spec }: Run,
  {
    digits = 8,
    hash = sha256,
    textOf
  }: {
    readonly digits?: number
    hash?(text: string): string | Promise<string>
    textOf?(part: unknown, key: string): string
  } = {}
): Promise<string> {
  const text = canonicalJson({ kind, spec }, (part) => canonicalJson(part, textOf))
  return `${stem}-${(await hash(text)).slice(0, digits)}`
}
