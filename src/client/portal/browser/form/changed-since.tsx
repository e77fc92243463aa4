import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  tokens,
} from '@fluentui/react-components'
import { useTranslation } from 'react-i18next'
import type { Slot } from '../../../service-management/answers.ts'
import type { StandingChange } from './standing.ts'

const useStyles = makeStyles({ list: { margin: 0, paddingLeft: tokens.spacingHorizontalXL } })

/** What others did meanwhile: two people may have the same page open. */
export function ChangedSince(props: {
  readonly changes: readonly StandingChange[]
  readonly takeNote: () => void
  /** Where a page is about both. */
  readonly slot?: Slot
}) {
  const styles = useStyles()
  const { t } = useTranslation('form')
  const { changes, takeNote, slot } = props
  return (
    <div aria-live="polite">
      {changes.length > 0 && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>
              {slot && `${t(`slots.${slot}`, { ns: 'summary' })}: `}
              {t('changed.title')}
            </MessageBarTitle>
            <ul className={styles.list}>
              {changes.map((change) => (
                <li key={change.what}>{t(`changed.${change.what}`, { before: '', after: '', ...change })}</li>
              ))}
            </ul>
          </MessageBarBody>
          <MessageBarActions>
            <Button onClick={takeNote}>{t('changed.noted')}</Button>
          </MessageBarActions>
        </MessageBar>
      )}
    </div>
  )
}
