/** The example of github.com/deepseek-ai/EPLB (README): loads of 2 layers of 12 experts, and where they are placed. */
export const eplbExample = {
  loads: [
    [90, 132, 40, 61, 104, 165, 39, 4, 73, 56, 183, 86],
    [20, 107, 104, 64, 19, 197, 187, 157, 172, 86, 16, 27]
  ],
  shape: { replicas: 16, groups: 4, nodes: 2, gpus: 8 },
  placeToExpert: [
    [5, 6, 5, 7, 8, 4, 3, 4, 10, 9, 10, 2, 0, 1, 11, 1],
    [7, 10, 6, 8, 6, 11, 8, 9, 2, 4, 5, 1, 5, 0, 3, 1]
  ]
} as const
