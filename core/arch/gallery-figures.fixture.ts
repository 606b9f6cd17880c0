/**
 * Figures of the gallery by independent closed formulas: parameters, cache in 16 bits, and forward operations
 * of one token at 4096 tokens of context. 30 of the totals equal those of published checkpoints to the unit.
 */
export const galleryFigures: Readonly<Record<string, GalleryFigures>> = {
  gpt2: {
    total: 124439808,
    active: {
      all: 124439808,
      no_input_embedding: 124439808,
      no_embedding: 85056000
    },
    components: {
      embedding: 38597376,
      positionEmbedding: 786432,
      attention: 28348416,
      dense: 56669184,
      norms: 38400
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 36864,
    kvBytesAt4096: 150994944,
    flopsAt4096: 398301696
  },
  'gpt2-large': {
    total: 774030080,
    active: {
      all: 774030080,
      no_input_embedding: 774030080,
      no_embedding: 708390400
    },
    components: {
      embedding: 64328960,
      positionEmbedding: 1310720,
      attention: 236113920,
      dense: 472089600,
      norms: 186880
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 184320,
    kvBytesAt4096: 754974720,
    flopsAt4096: 2300413440
  },
  'gpt2-xl': {
    total: 1557611200,
    active: {
      all: 1557611200,
      no_input_embedding: 1557611200,
      no_embedding: 1475561600
    },
    components: {
      embedding: 80411200,
      positionEmbedding: 1638400,
      attention: 491827200,
      dense: 983424000,
      norms: 310400
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 307200,
    kvBytesAt4096: 1258291200,
    flopsAt4096: 4370236800
  },
  'gpt3-175b': {
    total: 174604259328,
    active: {
      all: 174604259328,
      no_input_embedding: 174604259328,
      no_embedding: 173961535488
    },
    components: {
      embedding: 617558016,
      positionEmbedding: 25165824,
      attention: 57986777088,
      dense: 115970015232,
      norms: 4743168
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 4718592,
    kvBytesAt4096: 19327352832,
    flopsAt4096: 368485539840
  },
  'gopher-280b': {
    total: 279699800064,
    active: {
      all: 279699800064,
      no_input_embedding: 279699800064,
      no_embedding: 279175512064
    },
    components: {
      embedding: 524288000,
      attention: 107374182400,
      dense: 171798691840,
      norms: 2637824
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 5242880,
    kvBytesAt4096: 21474836480,
    flopsAt4096: 580874436608
  },
  'palm-540b': {
    total: 540356474880,
    active: {
      all: 540356474880,
      no_input_embedding: 540356474880,
      no_embedding: 535637882880
    },
    components: {
      embedding: 4718592000,
      attention: 54565797888,
      dense: 481069891584,
      norms: 2193408
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 120832,
    kvBytesAt4096: 494927872,
    flopsAt4096: 1104469487616
  },
  'bert-base': {
    total: 109482240,
    active: {
      all: 109482240,
      no_input_embedding: 109482240,
      no_embedding: 85646592
    },
    components: {
      embedding: 23440896,
      positionEmbedding: 394752,
      attention: 28348416,
      dense: 56669184,
      norms: 38400,
      other: 590592
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 0,
    kvBytesAt4096: 0,
    flopsAt4096: 369169920
  },
  'llama-1-7b': {
    total: 6738415616,
    active: {
      all: 6738415616,
      no_input_embedding: 6607343616,
      no_embedding: 6476271616
    },
    components: {
      embedding: 131072000,
      attention: 2147483648,
      dense: 4328521728,
      norms: 266240,
      output: 131072000
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 524288,
    kvBytesAt4096: 2147483648,
    flopsAt4096: 15362170880
  },
  'llama-1-13b': {
    total: 13015864320,
    active: {
      all: 13015864320,
      no_input_embedding: 12852024320,
      no_embedding: 12688184320
    },
    components: {
      embedding: 163840000,
      attention: 4194304000,
      dense: 8493465600,
      norms: 414720,
      output: 163840000
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 819200,
    kvBytesAt4096: 3355443200,
    flopsAt4096: 29059491840
  },
  'llama-1-65b': {
    total: 65285660672,
    active: {
      all: 65285660672,
      no_input_embedding: 65023516672,
      no_embedding: 64761372672
    },
    components: {
      embedding: 262144000,
      attention: 21474836480,
      dense: 43285217280,
      norms: 1318912,
      output: 262144000
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 2621440,
    kvBytesAt4096: 10737418240,
    flopsAt4096: 140784451584
  },
  'llama-2-7b': {
    total: 6738415616,
    active: {
      all: 6738415616,
      no_input_embedding: 6607343616,
      no_embedding: 6476271616
    },
    components: {
      embedding: 131072000,
      attention: 2147483648,
      dense: 4328521728,
      norms: 266240,
      output: 131072000
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 524288,
    kvBytesAt4096: 2147483648,
    flopsAt4096: 15362170880
  },
  'llama-3.1-8b': {
    total: 8030261248,
    active: {
      all: 8030261248,
      no_input_embedding: 7504924672,
      no_embedding: 6979588096
    },
    components: {
      embedding: 525336576,
      attention: 1342177280,
      dense: 5637144576,
      norms: 266240,
      output: 525336576
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 131072,
    kvBytesAt4096: 536870912,
    flopsAt4096: 17157332992
  },
  'llama-3.1-70b': {
    total: 70553706496,
    active: {
      all: 70553706496,
      no_input_embedding: 69503033344,
      no_embedding: 68452360192
    },
    components: {
      embedding: 1050673152,
      attention: 12079595520,
      dense: 56371445760,
      norms: 1318912,
      output: 1050673152
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 327680,
    kvBytesAt4096: 1342177280,
    flopsAt4096: 149743484928
  },
  'llama-4-maverick': {
    total: 400711848960,
    active: {
      all: 17184691200,
      no_input_embedding: 16150205440,
      no_embedding: 15115719680
    },
    components: {
      embedding: 1034485760,
      attention: 3019898880,
      router: 15728640,
      experts: 386547056640,
      shared: 3019898880,
      dense: 6039797760,
      norms: 496640,
      output: 1034485760
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 49152,
    kvBytesAt4096: 805306368,
    flopsAt4096: 36326942720
  },
  'phi-1.5': {
    total: 1418270720,
    active: {
      all: 1418270720,
      no_input_embedding: 1313413120,
      no_embedding: 1208504320
    },
    components: {
      embedding: 104857600,
      attention: 402849792,
      dense: 805552128,
      norms: 102400,
      output: 104908800
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 196608,
    kvBytesAt4096: 805306368,
    flopsAt4096: 3432132608
  },
  'mistral-7b': {
    total: 7241732096,
    active: {
      all: 7241732096,
      no_input_embedding: 7110660096,
      no_embedding: 6979588096
    },
    components: {
      embedding: 131072000,
      attention: 1342177280,
      dense: 5637144576,
      norms: 266240,
      output: 131072000
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 0,
    kvBytesAt4096: 536870912,
    flopsAt4096: 16368803840
  },
  'mixtral-8x7b': {
    total: 46702792704,
    active: {
      all: 12879925248,
      no_input_embedding: 12748853248,
      no_embedding: 12617781248
    },
    components: {
      embedding: 131072000,
      attention: 1342177280,
      router: 1048576,
      experts: 45097156608,
      norms: 266240,
      output: 131072000
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 131072,
    kvBytesAt4096: 536870912,
    flopsAt4096: 27645190144
  },
  'qwen3-8b': {
    total: 8190735360,
    active: {
      all: 8190735360,
      no_input_embedding: 7568405504,
      no_embedding: 6946075648
    },
    components: {
      embedding: 622329856,
      attention: 1509949440,
      dense: 5435817984,
      norms: 308224,
      output: 622329856
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 147456,
    kvBytesAt4096: 603979776,
    flopsAt4096: 17552730112
  },
  'qwen1.5-moe': {
    total: 14315784192,
    active: {
      all: 2689173504,
      no_input_embedding: 2378008576,
      no_embedding: 2066843648
    },
    components: {
      embedding: 311164928,
      attention: 402800640,
      router: 2949120,
      experts: 12457082880,
      shared: 830521344,
      norms: 100352,
      output: 311164928
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 196608,
    kvBytesAt4096: 805306368,
    flopsAt4096: 5561323520
  },
  'qwen3-30b-a3b': {
    total: 30532122624,
    active: {
      all: 3353032704,
      no_input_embedding: 3041867776,
      no_embedding: 2730702848
    },
    components: {
      embedding: 311164928,
      attention: 905969664,
      router: 12582912,
      experts: 28991029248,
      norms: 210944,
      output: 311164928
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 98304,
    kvBytesAt4096: 402653184,
    flopsAt4096: 9304961024
  },
  'qwen3-235b-a22b': {
    total: 235093634560,
    active: {
      all: 22190763520,
      no_input_embedding: 21568433664,
      no_embedding: 20946103808
    },
    components: {
      embedding: 622329856,
      attention: 6702497792,
      router: 49283072,
      experts: 227096395776,
      norms: 798208,
      output: 622329856
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 192512,
    kvBytesAt4096: 788529152,
    flopsAt4096: 55753333760
  },
  'qwen3-next-80b-a3b': {
    total: 79674391296,
    active: {
      all: 3874929408,
      no_input_embedding: 3563764480,
      no_embedding: 3252599552
    },
    components: {
      embedding: 311164928,
      attention: 327155712,
      linearAttention: 1213860096,
      router: 50331648,
      experts: 77309411328,
      shared: 151093248,
      norms: 209408,
      output: 311164928
    },
    multiTokenPrediction: 1650471424,
    kvBytesPerToken: 24576,
    kvBytesAt4096: 100663296,
    flopsAt4096: 7932835328
  },
  'qwen3.5-35b-a3b': {
    total: 34660610688,
    active: {
      all: 3454988928,
      no_input_embedding: 2946429568,
      no_embedding: 2437870208
    },
    components: {
      embedding: 508559360,
      attention: 272629760,
      linearAttention: 1011550080,
      router: 20971520,
      experts: 32212254720,
      shared: 125911040,
      norms: 174848,
      output: 508559360
    },
    multiTokenPrediction: 844640768,
    kvBytesPerToken: 20480,
    kvBytesAt4096: 83886080,
    flopsAt4096: 6563947776
  },
  'qwen3.5-122b-a10b': {
    total: 122111526912,
    active: {
      all: 9771288576,
      no_input_embedding: 9008449536,
      no_embedding: 8245610496
    },
    components: {
      embedding: 762839040,
      attention: 943718400,
      linearAttention: 3186823680,
      router: 37748736,
      experts: 115964116992,
      shared: 453132288,
      norms: 308736,
      output: 762839040
    },
    multiTokenPrediction: 2523679232,
    kvBytesPerToken: 24576,
    kvBytesAt4096: 100663296,
    flopsAt4096: 19627511808
  },
  'olmoe-1b-7b': {
    total: 6919161856,
    active: {
      all: 1282017280,
      no_input_embedding: 1178994688,
      no_embedding: 1075972096
    },
    components: {
      embedding: 103022592,
      attention: 268435456,
      router: 2097152,
      experts: 6442450944,
      norms: 133120,
      output: 103022592
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 131072,
    kvBytesAt4096: 536870912,
    flopsAt4096: 2894860288
  },
  'deepseek-moe-16b': {
    total: 16375728128,
    active: {
      all: 2828650496,
      no_input_embedding: 2618935296,
      no_embedding: 2409220096
    },
    components: {
      embedding: 209715200,
      attention: 469762048,
      router: 3538944,
      experts: 14948499456,
      shared: 467140608,
      dense: 67239936,
      norms: 116736,
      output: 209715200
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 229376,
    kvBytesAt4096: 939524096,
    flopsAt4096: 6177394688
  },
  'deepseek-v2': {
    total: 235741434880,
    active: {
      all: 21375800320,
      no_input_embedding: 20851512320,
      no_embedding: 20327224320
    },
    components: {
      embedding: 524288000,
      attention: 8953528320,
      router: 48332800,
      experts: 222717542400,
      shared: 2783969280,
      dense: 188743680,
      norms: 742400,
      output: 524288000
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 69120,
    kvBytesAt4096: 283115520,
    flopsAt4096: 61835683840
  },
  'deepseek-v3': {
    total: 671026419200,
    active: {
      all: 37552297472,
      no_input_embedding: 36625618432,
      no_embedding: 35698939392
    },
    components: {
      embedding: 926679040,
      attention: 11413422080,
      router: 106445312,
      experts: 653908770816,
      shared: 2554331136,
      dense: 1189085184,
      norms: 1006592,
      output: 926679040
    },
    multiTokenPrediction: 11610068224,
    kvBytesPerToken: 70272,
    kvBytesAt4096: 287834112,
    flopsAt4096: 93719440384
  },
  'deepseek-v3.2': {
    total: 671877944064,
    active: {
      all: 38403822336,
      no_input_embedding: 37477143296,
      no_embedding: 36550464256
    },
    components: {
      embedding: 926679040,
      attention: 11413422080,
      indexer: 851524864,
      router: 106445312,
      experts: 653908770816,
      shared: 2554331136,
      dense: 1189085184,
      norms: 1006592,
      output: 926679040
    },
    multiTokenPrediction: 11624027648,
    kvBytesPerToken: 85888,
    kvBytesAt4096: 351797248,
    flopsAt4096: 95422490112
  },
  'moonlight-16b-a3b': {
    total: 15960110208,
    active: {
      all: 2914776192,
      no_input_embedding: 2579231872,
      no_embedding: 2243687552
    },
    components: {
      embedding: 335544320,
      attention: 371589120,
      router: 3409536,
      experts: 14394851328,
      shared: 449839104,
      dense: 69206016,
      norms: 126464,
      output: 335544320
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 31104,
    kvBytesAt4096: 127401984,
    flopsAt4096: 6290925824
  },
  'glm-4.5': {
    total: 352797829024,
    active: {
      all: 33632266144,
      no_input_embedding: 32856319904,
      no_embedding: 32080373664
    },
    components: {
      embedding: 775946240,
      attention: 12542287872,
      router: 72923040,
      experts: 335963750400,
      shared: 2099773440,
      dense: 566231040,
      norms: 970752,
      output: 775946240
    },
    multiTokenPrediction: 3988069792,
    kvBytesPerToken: 376832,
    kvBytesAt4096: 1543503872,
    flopsAt4096: 84234686272
  },
  'gpt-oss-20b': {
    total: 20914757184,
    active: {
      all: 4187440704,
      no_input_embedding: 3608307264,
      no_embedding: 3029173824
    },
    components: {
      embedding: 579133440,
      attention: 637203456,
      router: 2212608,
      experts: 19116933120,
      norms: 141120,
      output: 579133440
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 24576,
    kvBytesAt4096: 103809024,
    flopsAt4096: 8047086720
  },
  dbrx: {
    total: 131596523520,
    active: {
      all: 36469708800,
      no_input_embedding: 35853146112,
      no_embedding: 35236583424
    },
    components: {
      embedding: 616562688,
      attention: 3523215360,
      router: 3932160,
      experts: 126835752960,
      norms: 497664,
      output: 616562688
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 163840,
    kvBytesAt4096: 671088640,
    flopsAt4096: 75732824064
  },
  'grok-1': {
    total: 315684820992,
    active: {
      all: 83756587008,
      no_input_embedding: 83756587008,
      no_embedding: 82951280640
    },
    components: {
      embedding: 805306368,
      attention: 5637144576,
      router: 3145728,
      experts: 309237645312,
      norms: 1579008
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 262144,
    kvBytesAt4096: 1073741824,
    flopsAt4096: 173955624960
  },
  'granite-3.0-1b-a400m': {
    total: 1334625280,
    active: {
      all: 428655616,
      no_input_embedding: 428655616,
      no_embedding: 378323968
    },
    components: {
      embedding: 50331648,
      attention: 75497472,
      router: 786432,
      experts: 1207959552,
      norms: 50176
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 49152,
    kvBytesAt4096: 201326592,
    flopsAt4096: 1259964416
  },
  'jetmoe-8b': {
    total: 8522237952,
    active: {
      all: 2331445248,
      no_input_embedding: 2331445248,
      no_embedding: 2265909248
    },
    components: {
      embedding: 65536000,
      attention: 1811988480,
      router: 786432,
      experts: 6643777536,
      norms: 100352,
      other: 49152
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 196608,
    kvBytesAt4096: 805306368,
    flopsAt4096: 4662890496
  },
  'jamba-v0.1': {
    total: 51570323328,
    active: {
      all: 12110311296,
      no_input_embedding: 11841875840,
      no_embedding: 11573440384
    },
    components: {
      embedding: 268435456,
      attention: 167772160,
      linearAttention: 2948628480,
      router: 1048576,
      experts: 45097156608,
      dense: 2818572288,
      norms: 274304,
      output: 268435456
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 16384,
    kvBytesAt4096: 67108864,
    flopsAt4096: 23952187136
  },
  'minimax-m2': {
    total: 228689764864,
    active: {
      all: 11030553088,
      no_input_embedding: 10415956480,
      no_embedding: 9801359872
    },
    components: {
      embedding: 614596608,
      attention: 2730491904,
      router: 48774656,
      experts: 224680476672,
      norms: 828416,
      output: 614596608
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 253952,
    kvBytesAt4096: 1040187392,
    flopsAt4096: 27073037312
  },
  'hunyuan-large': {
    total: 388701405440,
    active: {
      all: 51322077440,
      no_input_embedding: 51322077440,
      no_embedding: 50496323840
    },
    components: {
      embedding: 825753600,
      attention: 5505024000,
      router: 6553600,
      experts: 359871283200,
      shared: 22491955200,
      norms: 835840
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 81920,
    kvBytesAt4096: 335544320,
    flopsAt4096: 109355041280
  },
  'ernie-4.5-21b-a3b': {
    total: 21825437888,
    active: {
      all: 3352150208,
      no_input_embedding: 3352150208,
      no_embedding: 3087384768
    },
    components: {
      embedding: 264765440,
      attention: 440401920,
      router: 4425408,
      experts: 20384317440,
      shared: 637009920,
      dense: 94371840,
      norms: 145920
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 57344,
    kvBytesAt4096: 234881024,
    flopsAt4096: 7878705536
  },
  'ernie-4.5-300b-a47b': {
    total: 299484163264,
    active: {
      all: 47926586560,
      no_input_embedding: 47079337152,
      no_embedding: 46232087744
    },
    components: {
      embedding: 847249408,
      attention: 8153726976,
      router: 26741952,
      experts: 287494373376,
      dense: 2113929216,
      norms: 892928,
      output: 847249408
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 221184,
    kvBytesAt4096: 905969664,
    flopsAt4096: 101406431616
  },
  arctic: {
    total: 478584608768,
    active: {
      all: 17318647808,
      no_input_embedding: 17089271808,
      no_embedding: 16859895808
    },
    components: {
      embedding: 229376000,
      attention: 4110417920,
      router: 32112640,
      experts: 468587642880,
      dense: 5394923520,
      norms: 759808,
      output: 229376000
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 143360,
    kvBytesAt4096: 587202560,
    flopsAt4096: 38288961536
  },
  'switch-base-8': {
    total: 619339008,
    active: {
      all: 222977280,
      no_input_embedding: 222977280,
      no_embedding: 198302208
    },
    components: {
      embedding: 24674304,
      positionEmbedding: 768,
      attention: 84934656,
      router: 73728,
      experts: 452984832,
      dense: 56623104,
      norms: 47616
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 110592,
    kvBytesAt4096: 452984832,
    flopsAt4096: 898937856
  },
  'switch-c-2048': {
    total: 1571308972448,
    active: {
      all: 1728326048,
      no_input_embedding: 1728326048,
      no_embedding: 1661497760
    },
    components: {
      embedding: 66826240,
      positionEmbedding: 2048,
      attention: 766771200,
      router: 127795200,
      experts: 1570347417600,
      norms: 160160
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 368640,
    kvBytesAt4096: 1509949440,
    flopsAt4096: 4966597440
  },
  'nllb-moe-54b': {
    total: 54500569088,
    active: {
      all: 3750785024,
      no_input_embedding: 3750785024,
      no_embedding: 3226075136
    },
    components: {
      embedding: 524709888,
      attention: 1208549376,
      router: 3145728,
      experts: 51555336192,
      dense: 1208328192,
      norms: 499712
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 589824,
    kvBytesAt4096: 2415919104,
    flopsAt4096: 9917489152
  },
  'longcat-flash': {
    total: 560664980480,
    active: {
      all: 27954818048,
      no_input_embedding: 27149511680,
      no_embedding: 26344205312
    },
    components: {
      embedding: 805306368,
      attention: 5071962112,
      router: 132142080,
      experts: 541165879296,
      dense: 12683575296,
      norms: 808960,
      output: 805306368
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 64512,
    kvBytesAt4096: 264241152,
    flopsAt4096: 63694264320
  },
  'ling-mini-2.0': {
    total: 16255643392,
    active: {
      all: 1432973056,
      no_input_embedding: 1111060224,
      no_embedding: 789147392
    },
    components: {
      embedding: 321912832,
      attention: 209715200,
      router: 9966336,
      experts: 15300820992,
      shared: 59768832,
      dense: 31457280,
      norms: 89088,
      output: 321912832
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 40960,
    kvBytesAt4096: 167772160,
    flopsAt4096: 2893209088
  },
  'ling-flash-2.0': {
    total: 102889705216,
    active: {
      all: 6152277760,
      no_input_embedding: 5508452096,
      no_embedding: 4864626432
    },
    components: {
      embedding: 643825664,
      attention: 1207959552,
      router: 32513792,
      experts: 99857989632,
      shared: 390070272,
      dense: 113246208,
      norms: 274432,
      output: 643825664
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 65536,
    kvBytesAt4096: 268435456,
    flopsAt4096: 13164387840
  },
  'nemotron-3-nano': {
    total: 31577940288,
    active: {
      all: 3580076352,
      no_input_embedding: 3227754816,
      no_embedding: 2875433280
    },
    components: {
      embedding: 352321536,
      attention: 140378112,
      linearAttention: 890976576,
      router: 7916416,
      experts: 29374808064,
      shared: 458981376,
      norms: 236672,
      output: 352321536
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 6144,
    kvBytesAt4096: 25165824,
    flopsAt4096: 6858162816
  },
  'nemotron-3-ultra': {
    total: 549308993536,
    active: {
      all: 56058843136,
      no_input_embedding: 54985101312,
      no_embedding: 53911359488
    },
    components: {
      embedding: 1073741824,
      attention: 1660944384,
      linearAttention: 20237783040,
      router: 201351168,
      experts: 515396075520,
      shared: 8053063680,
      norms: 1679360,
      output: 1073741824,
      other: 1610612736
    },
    multiTokenPrediction: 11215610368,
    kvBytesPerToken: 12288,
    kvBytesAt4096: 50331648,
    flopsAt4096: 111580815360
  },
  'mimo-v2-flash': {
    total: 308778780864,
    active: {
      all: 15445936320,
      no_input_embedding: 14820985024,
      no_embedding: 14196033728
    },
    components: {
      embedding: 624951296,
      attention: 4482664896,
      router: 49295104,
      experts: 302795194368,
      dense: 201326592,
      norms: 397312,
      output: 624951296
    },
    multiTokenPrediction: 0,
    kvBytesPerToken: 23040,
    kvBytesAt4096: 119930880,
    flopsAt4096: 31356391808
  }
}

export interface GalleryFigures {
  readonly total: number
  readonly active: { readonly all: number; readonly no_input_embedding: number; readonly no_embedding: number }
  /** Components that are not named are 0. */
  readonly components: Readonly<Record<string, number>>
  readonly multiTokenPrediction: number
  readonly kvBytesPerToken: number
  readonly kvBytesAt4096: number
  readonly flopsAt4096: number
}
