/** How requests of one client are answered. */
export interface Answers {
  /** A path of the client's, which is from its home. */
  readonly at: (path: string) => string
  /**
   * Every request has its answer: the failure, that of `work` where it returns that it has answered, or that it is done. One after the other,
   * like OpenSSH's server: its scp silently cuts an upload off behind the first piece that is answered before an earlier one. `bytes`: what
   * the request itself holds. A client with more under way than is taken is cut off.
   */
  readonly answer: (id: number, work: () => Promise<'answered' | 'done'>, bytes?: number) => void
}
