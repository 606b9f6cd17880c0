/**
 * Files of `torch.save`: a ZIP archive with a pickle (`data.pkl`) and the bytes of each tensor's storage
 * (`data/KEY`), uncompressed. https://docs.pytorch.org/docs/stable/notes/serialization.html
 */
import { type ByteSource, exactBytes } from './byte-source'
import type { FiledTensor } from './filed-tensor'
import { FormatError } from './format-error'
import { areSizes, isSize, numpyGlobals, setNumpyState } from './numpy-pickle'
import { type PickleFunction, type PickleValue, readPickle } from './pickle'
import { type Dtype, dtypeBytes, elementCount } from './tensor-data'
import { indexZip, openMember, type ZipMember } from './zip'

/** Bytes of `data.pkl` that are read: lists of token ids take three to five bytes a token. */
const mostPickleBytes = 64 * 1024 * 1024

const storageDtypes: Readonly<Record<string, Dtype>> = {
  BoolStorage: 'BOOL',
  ByteStorage: 'U8',
  CharStorage: 'I8',
  ShortStorage: 'I16',
  IntStorage: 'I32',
  LongStorage: 'I64',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  FloatStorage: 'F32',
  DoubleStorage: 'F64'
}

/** Of tensors whose storage does not tell it, by the names of torch. */
const torchDtypes: Readonly<Record<string, Dtype>> = {
  bool: 'BOOL',
  uint8: 'U8',
  int8: 'I8',
  uint16: 'U16',
  int16: 'I16',
  uint32: 'U32',
  int32: 'I32',
  uint64: 'U64',
  int64: 'I64',
  float16: 'F16',
  bfloat16: 'BF16',
  float8_e4m3fn: 'F8_E4M3',
  float32: 'F32',
  float64: 'F64'
}

/** A tensor as a pickle tells it: `shape` of a storage, from `offset` on. */
export class TorchTensor {
  readonly storage: TorchStorage
  /** In elements, as `strides`. */
  readonly offset: number
  readonly shape: readonly number[]
  readonly strides: readonly number[]

  constructor(storage: TorchStorage, offset: number, shape: readonly number[], strides: readonly number[]) {
    this.storage = storage
    this.offset = offset
    this.shape = shape
    this.strides = strides
  }
}

export interface TorchFile {
  readonly value: PickleValue
  /** The place of a tensor's bytes. Rejects with a `FormatError` that names it `name` when they are not in the file. */
  tensor(tensor: TorchTensor, name: string): Promise<FiledTensor>
}

/** True where bytes begin as a pickle without an archive around: those of `pickle.dump` do. */
export function beginsAsPickle(bytes: Uint8Array): boolean {
  return bytes[0] === 0x80 && (bytes[1] ?? 0) >= 2 && (bytes[1] ?? 0) <= 5
}

/** The first bytes of `torch.save` before PyTorch 1.6: a pickle of the number 0x1950a86a20f9469cfc6c. */
const legacyMagic = [0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]

/**
 * Opens what `pickle.dump` wrote: plain data and NumPy's arrays, of at most 64 MiB. Rejects with a `FormatError`, as for
 * what `torch.save` wrote before PyTorch 1.6.
 */
export async function openPickle(source: ByteSource): Promise<TorchFile> {
  const { name, size } = source
  const head = await exactBytes(source, 0, Math.min(size, 2 + legacyMagic.length), name)
  if (legacyMagic.every((byte, i) => head[2 + i] === byte)) {
    throw new FormatError(
      `${name}: a bare pickle, as torch.save wrote before PyTorch 1.6: load it in Python and save it again with ` +
        'torch.save, which makes a ZIP archive'
    )
  }
  if (size > mostPickleBytes) {
    throw new FormatError(
      `${name}: a bare pickle of ${size} bytes, and ${mostPickleBytes} are read: save its tensors with torch.save, or ` +
        'its arrays with np.savez'
    )
  }
  const value = readPickle(await exactBytes(source, 0, size, name), {
    name,
    global: torchGlobals(),
    persistent: () => {
      throw new FormatError(`${name}: a bare pickle that names data outside of it: save them with torch.save`)
    },
    build: setState
  })
  const missing = async (_: TorchTensor, tensor: string): Promise<FiledTensor> => {
    throw new FormatError(`${name}: tensor '${tensor}' has no storage in a bare pickle`)
  }
  return { value, tensor: missing }
}

/**
 * Opens a file and reads its pickle; tensors stay where they are, whatever device they were on. Only plain data, dicts
 * of Python's collections, dense tensors and NumPy's arrays are built: a pickle that asks for anything else is refused
 * by name, and nothing in it is ever run. Rejects with a `FormatError`.
 */
export async function openTorchFile(source: ByteSource): Promise<TorchFile> {
  const members = await indexZip(source)
  const pickleName = [...members.keys()].find((name) => name === 'data.pkl' || name.endsWith('/data.pkl'))
  const pickle = pickleName === undefined ? undefined : members.get(pickleName)
  if (pickleName === undefined || !pickle) throw new FormatError(`${source.name}: the archive has no 'data.pkl'`)
  const prefix = pickleName.slice(0, -'data.pkl'.length)
  await checkByteOrder(source, members.get(`${prefix}byteorder`))
  if (pickle.size > mostPickleBytes) {
    throw new FormatError(
      `${source.name}: data.pkl has ${pickle.size} bytes, and ${mostPickleBytes} are read; record fewer passes at once`
    )
  }
  const content = await openMember(source, pickle)
  const value = readPickle(await exactBytes(content, 0, content.size, content.name), {
    name: content.name,
    global: torchGlobals(),
    persistent: storageOf,
    build: setState
  })
  return { value, tensor: (tensor, name) => filedTensor(source, members, prefix, tensor, name) }
}

async function checkByteOrder(source: ByteSource, member: ZipMember | undefined): Promise<void> {
  if (!member || member.size > 16) return
  const content = await openMember(source, member)
  const order = new TextDecoder().decode(await exactBytes(content, 0, content.size, content.name))
  if (order === 'little') return
  throw new FormatError(`${content.name}: expected 'little', found ${JSON.stringify(order)}`)
}

class StorageType {
  readonly dtype: Dtype
  constructor(dtype: Dtype) {
    this.dtype = dtype
  }
}

class TensorType {
  readonly dtype: Dtype
  constructor(dtype: Dtype) {
    this.dtype = dtype
  }
}

class TorchStorage {
  readonly dtype: Dtype
  /** Of the member that holds its bytes. */
  readonly key: string
  /** Elements. */
  readonly length: number

  constructor(dtype: Dtype, key: string, length: number) {
    this.dtype = dtype
    this.key = key
    this.length = length
  }
}

/** A dict of Python's own that a pickle may give attributes to, such as the version of a `state_dict`. */
class PythonDict extends Map<PickleValue, PickleValue> {}

/** Something without data that a trace needs, such as a type: it is named and never called. */
const named = {}

const functions: Readonly<Record<string, PickleFunction | object>> = {
  'collections OrderedDict': (args: readonly PickleValue[]) => {
    if (args.length > 0) throw new FormatError(`OrderedDict: expected no arguments, found ${args.length}`)
    return new PythonDict()
  },
  // The factory of the values of missing keys is never called.
  'collections defaultdict': () => new PythonDict(),
  'collections Counter': ([counts]: readonly PickleValue[]) => (counts instanceof Map ? counts : new PythonDict()),
  'torch Size': ([sizes]: readonly PickleValue[]) => sizes ?? [],
  'torch device': ([device]: readonly PickleValue[]) => device ?? null,
  'torch._utils _rebuild_tensor_v2': rebuildTensor,
  'torch._utils _rebuild_tensor_v3': rebuildTyped,
  'torch._utils _rebuild_parameter': ([tensor]: readonly PickleValue[]) => tensor ?? null,
  ...Object.fromEntries(
    ['builtins', '__builtin__'].flatMap((module) =>
      ['list', 'dict', 'int', 'float'].map((type) => [`${module} ${type}`, named])
    )
  )
}

/** Outputs of models of transformers: dicts, whose values are also given as arguments. */
const modelOutput = /^transformers\.\S+ \w*Output\w*$/

/** The Python objects that one pickle may name. */
function torchGlobals(): (name: string) => PickleFunction | object | undefined {
  const numpy = numpyGlobals()
  return (name) => {
    if (Object.hasOwn(functions, name)) return functions[name]
    if (Object.hasOwn(numpy, name)) return numpy[name]
    if (modelOutput.test(name)) return () => new PythonDict()
    const [module, type = ''] = name.split(' ')
    if (name === 'torch.storage UntypedStorage') return new StorageType('U8')
    if (module !== 'torch') return undefined
    if (Object.hasOwn(storageDtypes, type)) return new StorageType(storageDtypes[type] ?? 'U8')
    return Object.hasOwn(torchDtypes, type) ? new TensorType(torchDtypes[type] ?? 'U8') : undefined
  }
}

function setState(target: PickleValue, state: PickleValue): boolean {
  return target instanceof PythonDict || setNumpyState(target, state)
}

/** Of ('storage', type, key, device, elements). */
function storageOf(id: PickleValue): TorchStorage {
  const [kind, type, key, , length] = Array.isArray(id) ? id : []
  if (kind === 'storage' && type instanceof StorageType && typeof key === 'string' && isSize(length)) {
    return new TorchStorage(type.dtype, key, length)
  }
  throw new FormatError('torch: a storage: expected its type, key, device and number of elements, found other values')
}

function rebuildTensor([storage, offset, shape, strides]: readonly PickleValue[]): TorchTensor {
  if (storage instanceof TorchStorage && isSize(offset) && areSizes(shape) && areSizes(strides)) {
    if (shape.length === strides.length) return new TorchTensor(storage, offset, shape, strides)
  }
  throw new FormatError('torch: a tensor: expected a storage, offset, shape and strides, found other values')
}

/** Of a storage of bytes, with a dtype. */
function rebuildTyped([storage, offset, shape, strides, , , type]: readonly PickleValue[]): TorchTensor {
  if (!(storage instanceof TorchStorage) || !(type instanceof TensorType)) {
    throw new FormatError('torch: a tensor: expected a storage and a dtype, found other values')
  }
  const length = Math.floor(storage.length / dtypeBytes[type.dtype])
  const typed = new TorchStorage(type.dtype, storage.key, length)
  return rebuildTensor([typed, offset ?? null, shape ?? null, strides ?? null])
}

async function filedTensor(
  source: ByteSource,
  members: ReadonlyMap<string, ZipMember>,
  prefix: string,
  { storage, offset, shape, strides }: TorchTensor,
  name: string
): Promise<FiledTensor> {
  const member = members.get(`${prefix}data/${storage.key}`)
  if (!member) throw new FormatError(`${source.name}: tensor '${name}': its storage 'data/${storage.key}' is missing`)
  const { dtype } = storage
  const width = dtypeBytes[dtype]
  const count = elementCount(shape)
  const dense = shape.every((size, axis) => size <= 1 || strides[axis] === elementCount(shape.slice(axis + 1)))
  if (count > 0 && !dense) {
    throw new FormatError(`${source.name}: tensor '${name}' is a view with gaps: save tensor.contiguous()`)
  }
  if (offset + count > storage.length || storage.length * width > member.size) {
    throw new FormatError(
      `${source.name}: tensor '${name}': ${dtype} of shape [${shape.join(', ')}] from element ${offset} on does not ` +
        `fit its storage of ${member.size} bytes: the file is damaged`
    )
  }
  const begin = offset * width
  return { name, source: await openMember(source, member), dtype, shape, begin, end: begin + count * width }
}
