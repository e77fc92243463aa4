import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  Checkbox,
  Field,
  Input,
  makeStyles,
  Radio,
  RadioGroup,
  Select,
  tokens,
} from '@fluentui/react-components'
import { useTranslation } from 'react-i18next'
import { ModeField, SimultaneousField } from '../form/mode-field.tsx'
import { ConfigurationField } from '../package/configuration-field.tsx'
import { PackageField } from '../package/package-field.tsx'
import type { FormConfiguration } from '../package/use-configuration.ts'
import type { FormPackage } from '../package/use-package.ts'
import type { UpgradeDraft } from './upgrade-draft.ts'

interface Fields {
  readonly draft: UpgradeDraft
  readonly change: (more: Partial<UpgradeDraft>) => void
}

const useStyles = makeStyles({
  more: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM },
})

/** The options M-3 to M-7 in their order, then what the original's page did not have. */
export function UpgradeFields(
  props: Fields & {
    readonly pack: FormPackage
    readonly file: FormConfiguration
    readonly deployment: string
    readonly roles: readonly string[]
  },
) {
  const { t } = useTranslation('upgrade')
  const { draft, change, pack, file, deployment, roles } = props
  return (
    <>
      <ModeField
        label={t('mode')}
        mode={draft.isSimultaneous ? '' : draft.mode}
        isDisabled={draft.isSimultaneous}
        choose={(mode) => change({ mode })}
      />
      <PackageField of={pack} />
      <ConfigurationField of={file} />
      <Field label={t('deploymentName')} hint={t('deploymentNameHint')}>
        <Input readOnly value={deployment} />
      </Field>
      <Field label={t('serviceUpgrade')}>
        <Select value={draft.role} onChange={(_, { value }) => change({ role: value })}>
          <option value="">{t('wholeService')}</option>
          {roles.map((role) => (
            <option key={role} value={role}>
              {t('singleRole', { role })}
            </option>
          ))}
        </Select>
      </Field>
      <More draft={draft} change={change} />
    </>
  )
}

function More({ draft, change }: Fields) {
  const styles = useStyles()
  const { t } = useTranslation('upgrade')
  return (
    <Accordion collapsible>
      <AccordionItem value="more">
        <AccordionHeader as="h3">{t('more')}</AccordionHeader>
        <AccordionPanel>
          <div className={styles.more}>
            <Field label={t('label')} required>
              <Input value={draft.label} onChange={(_, { value }) => change({ label: value })} />
            </Field>
            <Checkbox
              label={t('force')}
              checked={draft.force}
              onChange={(_, { checked }) => change({ force: checked === true })}
            />
            <SimultaneousField
              label={t('simultaneous')}
              isSet={draft.isSimultaneous}
              set={(isSimultaneous) => change({ isSimultaneous })}
            />
            <Field label={t('onFailure')}>
              <RadioGroup
                value={draft.onFailure}
                onChange={(_, { value }) => change({ onFailure: value as UpgradeDraft['onFailure'] })}
              >
                {(['hold', 'rollback', 'continue'] as const).map((action) => (
                  <Radio key={action} value={action} label={t(`onFailures.${action}`)} />
                ))}
              </RadioGroup>
            </Field>
          </div>
        </AccordionPanel>
      </AccordionItem>
    </Accordion>
  )
}
