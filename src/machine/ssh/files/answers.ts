/** How requests of one client are answered. */
export interface Answers {
  /** A path of the client's, which is from its home. */
  readonly at: (path: string) => string
  /**
   * Every request has its answer: what failed, that of `work` where it says that it has answered, or that it is done. One after the other, as
   * OpenSSH's server does: its scp cuts an upload off behind the first piece that is answered before an earlier one, and says nothing.
   * `bytes`: what the request itself holds. A client with more under way than is taken is cut off.
   */
  readonly answer: (id: number, work: () => Promise<'answered' | 'done'>, bytes?: number) => void
}
