/**
 * fast-check, with one seed for every run: whoever changes nothing sees nothing change.
 *
 * `CONCORD_TEST_SEED=7` takes another seed, `CONCORD_TEST_SEED=random` a new one: look with that for what nobody has thought of.
 */
import fc from 'fast-check'

const { CONCORD_TEST_SEED: seed = '20261122' } = process.env
if (seed !== 'random') fc.configureGlobal({ seed: Number(seed) })

export default fc
