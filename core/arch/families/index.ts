/** Every kind of model whose config.json can be read: `model_type` to reader. A reader is an export of its file. */
import * as arctic from './arctic'
import * as audioText from './audio-text'
import * as bailing from './bailing'
import * as bailingHybrid from './bailing-hybrid'
import * as bamba from './bamba'

import * as blt from './blt'
import * as dbrx from './dbrx'
import * as deci from './deci'
import * as deepseek from './deepseek'
import * as deepseekKin from './deepseek-kin'
import * as deepseekV4 from './deepseek-v4'
import * as dense from './dense'
import * as early from './early'
import * as encoderDecoders from './encoder-decoders'
import * as encoders from './encoders'
import * as ernie from './ernie'
import * as ernieVl from './ernie-vl'
import type { Family } from './family'
import * as firstChat from './first-chat'
import * as gemma from './gemma'
import * as gemma4 from './gemma4'
import * as glm from './glm'
import * as glmMoe from './glm-moe'
import * as glm5 from './glm5'
import * as gpt from './gpt'
import * as gptOss from './gpt-oss'
import * as graniteMoe from './granite-moe'
import * as grok from './grok'
import * as hrmText from './hrm-text'
import * as hunyuan from './hunyuan'
import * as hy from './hy'
import * as inkling from './inkling'
import * as jamba from './jamba'
import * as jetMoe from './jetmoe'
import * as kimiLinear from './kimi-linear'
import * as latentDecoders from './latent-decoders'
import * as lfm2 from './lfm2'
import * as llama from './llama'
import * as llama4 from './llama4'
import * as longcat from './longcat'
import * as mamba from './mamba'
import * as mimo from './mimo'
import * as miniMax from './minimax'
import * as miniMaxM3 from './minimax-m3'
import * as mixtral from './mixtral'
import * as mllama from './mllama'
import * as modernBert from './modern-bert'
import * as nemotronH from './nemotron-h'
import * as nllb from './nllb'
import * as olmo from './olmo'
import * as olmoHybrid from './olmo-hybrid'
import * as papers from './papers'
import * as permutation from './permutation'
import * as phi from './phi'
import * as qwen from './qwen'
import * as qwenNext from './qwen-next'
import * as qwen4 from './qwen4'
import * as recurrent from './recurrent'
import * as sparse from './sparse'
import * as step3 from './step3'
import * as t5 from './t5'
import * as zamba from './zamba'
import * as zaya from './zaya'

const files: readonly Readonly<Record<string, Family>>[] = [
  arctic,
  audioText,
  bailing,
  bailingHybrid,
  bamba,

  blt,
  dbrx,
  deci,
  deepseek,
  deepseekKin,
  deepseekV4,
  dense,
  early,
  encoderDecoders,
  encoders,
  ernie,
  ernieVl,
  firstChat,
  gemma,
  gemma4,
  glm,
  glmMoe,
  glm5,
  gpt,
  gptOss,
  grok,
  graniteMoe,
  hrmText,
  hunyuan,
  hy,
  inkling,
  jamba,
  jetMoe,
  kimiLinear,
  latentDecoders,
  lfm2,
  llama,
  llama4,
  longcat,
  mamba,
  mimo,
  miniMax,
  miniMaxM3,
  mixtral,
  mllama,
  modernBert,
  nemotronH,
  nllb,
  olmo,
  olmoHybrid,
  papers,
  permutation,
  phi,
  qwen,
  qwen4,
  qwenNext,
  recurrent,
  sparse,
  step3,
  t5,
  zamba,
  zaya
]

export const families: ReadonlyMap<string, Family> = new Map(
  files
    .flatMap((file) => Object.values(file))
    .flatMap((family) => family.modelTypes.map((modelType) => [modelType, family] as const))
)
