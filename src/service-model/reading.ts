/** The result of reading a document: a value if and only if there is no error. Every fault is reported at once, each with its line. */
export interface Reading<Value> {
  readonly value?: Value | undefined
  /** `ServiceDefinition.csdef(12): …` */
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
}
