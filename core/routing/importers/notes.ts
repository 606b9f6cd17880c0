/** Sentences for the user about data that many files lack. */
export const noWeights = 'The file has neither the weights of the experts nor the logits of the routers.'
export const noTokenIds = 'The file does not say which tokens these are: they are known by their places only.'
