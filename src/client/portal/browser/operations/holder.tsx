import { makeStyles, Spinner } from '@fluentui/react-components'
import { useTranslation } from 'react-i18next'
import { useOperation } from '../connection/live.ts'

const useStyles = makeStyles({ running: { justifyContent: 'flex-start' } })

/** The operation that holds the deployment, as it goes on. */
export function Holder({ operation }: { readonly operation: string }) {
  const styles = useStyles()
  const { t } = useTranslation('form')
  const { value } = useOperation(operation)
  if (!value || value.status === 'InProgress')
    return (
      <Spinner
        className={styles.running}
        size="tiny"
        labelPosition="after"
        label={t('refusal.running', { operation })}
      />
    )
  return <span>{t(value.status === 'Succeeded' ? 'refusal.succeeded' : 'refusal.failed', { operation })}</span>
}
