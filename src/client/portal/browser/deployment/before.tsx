import { MessageBar, MessageBarBody, makeStyles, Text, tokens } from '@fluentui/react-components'
import { useTranslation } from 'react-i18next'
import type { ExaminedPackageAnswer } from '../../protocol.ts'
import type { ConfigurationForm } from '../configuration/configuration-form.ts'
import { Findings } from '../package/findings.tsx'
import { misfits } from './deployment-draft.ts'

const useStyles = makeStyles({ list: { margin: 0, paddingLeft: tokens.spacingHorizontalXL } })

/** What is known before anything begins: doctor's findings, warnings, and whether package and configuration belong together. */
export function Before(props: {
  readonly examined: ExaminedPackageAnswer | undefined
  readonly configuration: ConfigurationForm | '' | undefined
}) {
  const styles = useStyles()
  const { t } = useTranslation('deploy')
  const { examined, configuration } = props
  if (!examined) return <Text>{t('beforeEmpty')}</Text>
  const faults = configuration ? misfits(examined.model, configuration) : []
  return (
    <>
      <Findings of={examined} />
      {faults.length > 0 && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>
            {t('misfit')}
            <ul className={styles.list}>
              {faults.map(({ what, name, other }) => (
                <li key={`${what} ${name}`}>{t(`misfits.${what}`, { name, other })}</li>
              ))}
            </ul>
          </MessageBarBody>
        </MessageBar>
      )}
    </>
  )
}
