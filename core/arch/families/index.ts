/** Every kind of model whose config.json can be read: `model_type` to reader. A reader is an export of its file. */
import * as arctic from './arctic'
import * as bailing from './bailing'
import * as bert from './bert'
import * as dbrx from './dbrx'
import * as deci from './deci'
import * as deepseek from './deepseek'
import * as dense from './dense'
import * as ernie from './ernie'
import type { Family } from './family'
import * as gemma from './gemma'
import * as gemma4 from './gemma4'
import * as glm from './glm'
import * as glm5 from './glm5'
import * as gpt from './gpt'
import * as graniteMoe from './granite-moe'
import * as hunyuan from './hunyuan'
import * as hybrid from './hybrid'
import * as jamba from './jamba'
import * as jetMoe from './jetmoe'
import * as llama from './llama'
import * as llama4 from './llama4'
import * as longcat from './longcat'
import * as mimo from './mimo'
import * as miniMax from './minimax'
import * as mixtral from './mixtral'
import * as nemotronH from './nemotron-h'
import * as nllb from './nllb'
import * as olmo from './olmo'
import * as papers from './papers'
import * as phi from './phi'
import * as qwen from './qwen'
import * as qwenNext from './qwen-next'
import * as qwen4 from './qwen4'
import * as sparse from './sparse'
import * as t5 from './t5'

const files: readonly Readonly<Record<string, Family>>[] = [
  arctic,
  bailing,
  bert,
  dbrx,
  deepseek,
  dense,
  deci,
  ernie,
  gemma,
  gemma4,
  glm,
  glm5,
  gpt,
  graniteMoe,
  hunyuan,
  hybrid,
  jamba,
  jetMoe,
  llama,
  llama4,
  longcat,
  mimo,
  miniMax,
  mixtral,
  nemotronH,
  nllb,
  olmo,
  papers,
  phi,
  qwen,
  qwenNext,
  qwen4,
  sparse,
  t5
]

export const families: ReadonlyMap<string, Family> = new Map(
  files
    .flatMap((file) => Object.values(file))
    .flatMap((family) => family.modelTypes.map((modelType) => [modelType, family] as const))
)
