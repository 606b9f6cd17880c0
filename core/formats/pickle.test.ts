import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type PickleFunction, type PickleValue, readPickle } from './pickle'

const calls: unknown[] = []
const known: Record<string, PickleFunction | object> = {
  'known call': (args) => {
    calls.push(args)
    return 'called'
  },
  'known thing': {}
}

function read(bytes: readonly number[] | string): PickleValue {
  const data = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : Uint8Array.from(bytes)
  return readPickle(data, { name: 'p', global: (name) => known[name], persistent: (id) => ({ id }) })
}

/** As `pickle.dumps` writes, with its comments in Python's `pickletools.dis`. */
const opcodes = {
  protocol2: [0x80, 2],
  stop: [0x2e],
  global: (name: string) => [0x63, ...Buffer.from(`${name.replace(' ', '\n')}\n`)],
  text: (text: string) => [0x58, text.length, 0, 0, 0, ...Buffer.from(text)]
}

// pickle.dumps(VALUE, protocol).hex() of Python 3.11.
test.each([
  ['a list (protocol 2)', '80025d7100284b014b02652e', [1, 2]],
  ['a dict (protocol 2)', '80027d710058010000006171015801000000627102732e', new Map([['a', 'b']])],
  ['a negative number (protocol 2)', '80024affffffff2e', -1],
  ['a number beyond 2^53 (protocol 2)', '80028a0800000000000000802e', -(2n ** 63n)],
  ['a wide number (protocol 2)', '80028a05ffffffff002e', 2 ** 32 - 1],
  ['a float (protocol 2)', '8002473ff80000000000002e', 1.5],
  ['nested tuples of protocol 4 (protocol 4)', '8004950b000000000000008c03c3a97894859485942e', [['éx']]],
  ['a tuple of three (protocol 2)', '80024e88898771002e', [null, true, false]],
  [
    'a list of kinds (protocol 2)',
    '80025d7100287d710158010000006b7102284b014b024b034b04747103734d2c014a70110100652e',
    [new Map([['k', [1, 2, 3, 4]]]), 300, 70_000]
  ],
  ['bytes (protocol 4)', '800495060000000000000043026162942e', Uint8Array.of(97, 98)]
])('%s comes back', (_, hex, expected) => {
  expect(read([...Buffer.from(hex, 'hex')])).toEqual(expected)
})

test('a known object is called with its arguments, an unknown one never', () => {
  calls.length = 0
  const call = (name: string) =>
    read([...opcodes.protocol2, ...opcodes.global(name), 0x4b, 1, 0x85, 0x52, ...opcodes.stop])
  expect(call('known call')).toBe('called')
  expect(calls).toEqual([[1]])
  expect(() => call('posix system')).toThrow(/'posix\.system'.*refused/)
  expect(() => call('known thing')).toThrow(/calls what cannot be called/)
  expect(() => call('constructor call')).toThrow(/'constructor\.call'.*refused/)
})

test('tricks with the memo and the stack reach nothing that is not known', () => {
  const { protocol2, text, stop } = opcodes
  // The names come out of the memo, put together on the stack.
  const memo = [
    ...protocol2,
    ...text('builtins'),
    0x71,
    0,
    0x30,
    ...text('eval'),
    0x71,
    1,
    0x30,
    0x68,
    0,
    0x68,
    1,
    0x93
  ]
  expect(() => read([...memo, ...stop])).toThrow(/'builtins\.eval'/)
  // A text, a list and a map are called as if they were functions.
  for (const callee of [text('eval'), [0x5d], [0x7d]]) {
    expect(() => read([...protocol2, ...callee, 0x29, 0x52, ...stop])).toThrow(/calls what cannot be called/)
  }
  // A name with a dot, as Python resolves attributes by; and one that JavaScript has.
  expect(() => read([...protocol2, ...opcodes.global('known call.constructor'), ...stop])).toThrow(/refused/)
  expect(() => read([...protocol2, ...opcodes.global('__proto__ constructor'), ...stop])).toThrow(/refused/)
})

test.each([
  ['BUILD', [0x80, 2, 0x7d, 0x7d, 0x62, 0x2e], /opcode 0x62/],
  ['INST', [0x80, 2, 0x28, 0x69, 0x2e], /opcode 0x69/],
  ['OBJ', [0x80, 2, 0x28, 0x6f, 0x2e], /opcode 0x6f/],
  ['NEWOBJ', [0x80, 2, 0x81, 0x2e], /opcode 0x81/],
  ['EXT1', [0x80, 2, 0x82, 1, 0x2e], /opcode 0x82/],
  ['a protocol of text', [...Buffer.from('I1\n.')], /opcode 0x49/],
  ['a protocol of the future', [0x80, 6, 0x4e, 0x2e], /protocol: expected 2 to 5, found 6/],
  ['an empty stack', [0x80, 2, 0x2e], /stack is empty/],
  ['a missing mark', [0x80, 2, 0x74, 0x2e], /mark is missing/],
  ['an unset memo', [0x80, 2, 0x68, 5, 0x2e], /memo 5/],
  ['text longer than the file', [0x80, 2, 0x58, 255, 255, 255, 127, 0x61], /truncated/],
  ['no end', [0x80, 2, 0x4e], /truncated/],
  ['appending to a number', [0x80, 2, 0x4b, 1, 0x4b, 2, 0x61, 0x2e], /no list/]
])('%s is refused', (_, bytes, message) => {
  expect(() => read(bytes)).toThrow(message)
})

test('a list in itself, and what would take too much, do no harm', () => {
  const list = read([0x80, 2, 0x5d, 0x71, 0, 0x68, 0, 0x61, 0x2e]) as PickleValue[]
  expect(list[0]).toBe(list)
  expect(() => read([0x80, 2, ...new Array<number>(1_000_001).fill(0x5d), 0x2e])).toThrow(/more than 1000000 lists/)
})

test('any bytes give a value or a FormatError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        read([0x80, 2, ...bytes])
      } catch (error) {
        expect(error).toHaveProperty('name', 'FormatError')
      }
    }),
    { numRuns: 5000 }
  )
})
