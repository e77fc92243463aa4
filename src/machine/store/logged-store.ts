import type { Log } from '../../kernel/log.ts'
import type { MasterStore, StoreAnswer } from '../../kernel/store.ts'

/** The store, with a line in the log when it begins to refuse, and when it takes something again. */
export function loggedStore(store: MasterStore, log: Log): MasterStore {
  let refusing: string | undefined
  const logged = (answered: (answer: StoreAnswer) => void) => (answer: StoreAnswer) => {
    const reason = answer.outcome === 'refused' ? answer.reason : undefined
    if (reason !== refusing)
      if (reason) log.error(`Nothing can be stored, and whatever would change something is refused: ${reason}`)
      else if (answer.outcome === 'stored') log.info('Changes can be stored again.')
    refusing = reason
    answered(answer)
  }
  return {
    ...store,
    raise: (epoch, answered) => store.raise(epoch, logged(answered)),
    commit: (batch, answered) => store.commit(batch, logged(answered)),
  }
}
