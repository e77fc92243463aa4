/** What came of reading a document: the value if and only if there is no error. Every fault is told at once, each with its line. */
export interface Reading<Value> {
  readonly value?: Value | undefined
  /** `ServiceDefinition.csdef(12): …` */
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
}
