import { MessageBar, MessageBarBody, MessageBarTitle, makeStyles, tokens } from '@fluentui/react-components'
import { useTranslation } from 'react-i18next'
import type { ConfigurationFaults, FaultAt } from './configuration-faults.ts'

const useStyles = makeStyles({
  all: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalS },
  list: { margin: 0, paddingLeft: tokens.spacingHorizontalXL, overflowWrap: 'anywhere' },
})

/** What the fabric would refuse, and what it would warn of, each with its line. */
export function FaultList({ faults: { errors, warnings } }: { readonly faults: ConfigurationFaults }) {
  const styles = useStyles()
  const { t } = useTranslation('configuration')
  if (errors.length + warnings.length === 0) return null
  return (
    <div className={styles.all}>
      <Faults intent="error" title={t('faults.errors', { count: errors.length })} faults={errors} />
      <Faults intent="warning" title={t('faults.warnings', { count: warnings.length })} faults={warnings} />
    </div>
  )
}

function Faults(props: {
  readonly intent: 'error' | 'warning'
  readonly title: string
  readonly faults: readonly FaultAt[]
}) {
  const styles = useStyles()
  const { t } = useTranslation('configuration')
  const { intent, title, faults } = props
  if (faults.length === 0) return null
  return (
    <MessageBar intent={intent} layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{title}</MessageBarTitle>
        <ul className={styles.list}>
          {faults.map(({ line, sentence }, place) => (
            // oxlint-disable-next-line react/no-array-index-key -- the same sentence may stand there twice.
            <li key={place}>
              {line !== undefined && `${t('faults.line', { line })}: `}
              <span lang="en">{sentence}</span>
            </li>
          ))}
        </ul>
      </MessageBarBody>
    </MessageBar>
  )
}
