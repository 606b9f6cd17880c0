// The switches in Electron's program that packaging sets for good, and reading them back.
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'

/**
 * The fuses of Electron's security checklist.
 *
 * @type {ReadonlyMap<FuseV1Options, boolean>}
 */
const expected = new Map([
  [FuseV1Options.RunAsNode, false],
  [FuseV1Options.EnableCookieEncryption, true],
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable, false],
  [FuseV1Options.EnableNodeCliInspectArguments, false],
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation, true],
  [FuseV1Options.OnlyLoadAppFromAsar, true],
  [FuseV1Options.GrantFileProtocolExtraPrivileges, false]
])

/** Fuses begin with this mark; then come a byte for their version, one for their number, and a digit for each. */
const mark = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'

/** A stand-in for Electron's program that has nothing but fuses, each on the wrong side. */
export function fusesOnly() {
  const known = Object.values(FuseV1Options).filter((option) => typeof option === 'number')
  const digits = known.map((option) => digit(expected.get(option) === false))
  return Buffer.concat([Buffer.from(mark), Buffer.from([1, digits.length, ...digits])])
}

/**
 * The fuses of a packaged program that are not as they should be.
 *
 * @param {string} program path of the program, or of the .app folder
 * @returns {Promise<string[]>} a sentence each
 * @throws {Error} if it is no program of Electron
 */
export async function wrongFuses(program) {
  const wire = new Map(Object.entries(await getCurrentFuseWire(program)))
  return [...expected].flatMap(([option, on]) => {
    if (Number(wire.get(String(option))) === digit(on)) return []
    return [`fuse ${FuseV1Options[option]} is not ${on ? 'on' : 'off'}: see electronFuses in electron-builder.ts`]
  })
}

/** @param {boolean} on */
function digit(on) {
  return (on ? '1' : '0').charCodeAt(0)
}
