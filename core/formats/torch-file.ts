/**
 * What `torch.save` writes: a ZIP archive with a pickle (`data.pkl`) and the bytes of each tensor's storage
 * (`data/KEY`), uncompressed. https://docs.pytorch.org/docs/stable/notes/serialization.html
 */
import { type ByteSource, exactBytes } from './byte-source'
import type { FiledTensor } from './filed-tensor'
import { FormatError } from './format-error'
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
  /** Where a tensor's bytes lie. Rejects with a `FormatError` that names it `name` when they are not in the file. */
  tensor(tensor: TorchTensor, name: string): Promise<FiledTensor>
}

/** Whether bytes begin as a pickle without an archive around: those of `torch.save` before PyTorch 1.6 do. */
export function beginsAsPickle(bytes: Uint8Array): boolean {
  return bytes[0] === 0x80 && (bytes[1] ?? 0) >= 2 && (bytes[1] ?? 0) <= 5
}

/** Says what to do about a pickle that is not in an archive. */
export function barePickleError(name: string): FormatError {
  return new FormatError(
    `${name}: a bare pickle, as torch.save wrote before PyTorch 1.6: load it in Python and save it again with ` +
      'torch.save, which makes a ZIP archive'
  )
}

/**
 * Opens a file and reads its pickle; tensors stay where they are, whatever device they were on. Only plain data,
 * `OrderedDict` and dense tensors are built: a pickle that asks for anything else is refused by name, and nothing in it
 * is ever run. Rejects with a `FormatError`.
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
    global: torchGlobal,
    persistent: storageOf
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

const functions: Readonly<Record<string, PickleFunction>> = {
  'collections OrderedDict': (args) => {
    if (args.length > 0) throw new FormatError(`OrderedDict: expected no arguments, found ${args.length}`)
    return new Map()
  },
  'torch._utils _rebuild_tensor_v2': rebuildTensor
}

function torchGlobal(name: string): PickleFunction | StorageType | undefined {
  if (Object.hasOwn(functions, name)) return functions[name]
  const [module, type = ''] = name.split(' ')
  const dtype = module === 'torch' && Object.hasOwn(storageDtypes, type) ? storageDtypes[type] : undefined
  return dtype && new StorageType(dtype)
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

function isSize(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function areSizes(value: PickleValue | undefined): value is number[] {
  return Array.isArray(value) && value.every(isSize)
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
