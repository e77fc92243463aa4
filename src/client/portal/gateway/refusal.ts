/** What the gateway itself refuses: a status of HTTP, and a sentence for the user. */
export class Refusal extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}
