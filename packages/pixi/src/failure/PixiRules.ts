/**
 * Maps the text of failed commands of pixi to errors. Pure.
 *
 * @module
 * @since 0.1.0
 */
import * as Common from "@darb/package-manager/driver/executable/FailureRules"
import * as PixiErrors from "./PixiErrors.js"
import type { Report } from "./PixiReport.js"

/**
 * The rules match the causes, outermost first, and the help after them. Rules for the network come before rules for the
 * solver: a server that fails makes the solver fail, not the other way round.
 *
 * @since 0.1.0
 * @category values
 */
export const rules: Common.Rules<Report> = [
  [/^(?:pixi|pyproject|mojoproject)\.toml already exists/, Common.environmentExists],
  [/^could not find (?:pixi\.toml|'.+\.toml')|^found pyproject\.toml without/, Common.environmentNotFound],
  [/^(?:manifest path does not exist|no file was found at)/, Common.environmentNotFound],
  [/^unable to canonicalize .*\nNo such/, Common.environmentNotFound],
  [/requires pixi '([^']*)', but (?:I am|you have pixi) ([\w.+-]*\w)/, Common.unsupportedVersion],
  [/'([^']*)' is not a known platform/, PixiErrors.platformUnknown],
  [/^failed to parse project from .+?\.toml: ([^]+)/, PixiErrors.manifestInvalid],
  [/^failed to parse (?:pixi\.toml|project manifest)|^Missing table/, PixiErrors.manifestInvalid],
  // Some versions cannot draw a place near the end of the file.
  [/^(expected .+, found [^[]+?)\s*\[Failed to read contents for label/, PixiErrors.manifestInvalid],
  [/^unrecognized manifest file|^the manifest-path must point to/, PixiErrors.manifestInvalid],
  [/^/, PixiErrors.manifestQuoted],

  [/lock[- ]?file (?:is )?not up-to-date/, Common.lockOutdated],
  [/the lock-file should be up-to-date so it should also include the environment/, PixiErrors.lockInvalid],
  [/newer lock-?file format version/i, PixiErrors.lockInvalid],
  [/lock[- ]file version (?:is \d+, but only up to|\d+ is newer)/i, PixiErrors.lockInvalid],

  [/offline mode|network connectivity is disabled|no usable repodata cache/i, PixiErrors.offline],
  [/no sharded repodata index is cached/i, PixiErrors.offline],
  [/hash mismatch when extracting (\S+) to /, Common.downloadFailed],
  [/\b(?:401 Unauthorized|403 Forbidden|407 Proxy Authentication Required)\b/, PixiErrors.unauthorized],
  ...Common.networkRules,
  ...Common.storageRules,
  [/^Cannot find '(.+)' please make sure the folder is reachable/, PixiErrors.directoryFailed],
  [/^Cannot canonicalize the given path/, PixiErrors.directoryFailed],
  [/failed to (?:fetch|download package) (\S+\.(?:conda|tar\.bz2))/, Common.downloadFailed],

  [/^Failed to load lock file from|^some information from the lock ?file could not be parsed/, PixiErrors.lockInvalid],
  // Versions before 0.20 print the message of the YAML parser alone.
  [/^missing `version` field in lock file|^duplicate entry with key/, PixiErrors.lockInvalid],
  [/^(?:did not find|could not find) expected/, PixiErrors.lockInvalid],
  [/^(?:mapping values|control characters) are not allowed/, PixiErrors.lockInvalid],
  [
    /^found (?:character that|unexpected|unknown|undefined|duplicate|invalid|a tab) .*at line \d/,
    PixiErrors.lockInvalid
  ],

  [/could not find subdir '\S+' in channel '(.+?)'/, Common.channelUnavailable],
  [/requested unavailable channel '(.+?)'/, Common.channelUnavailable],
  [/404 Not Found\) for url \((\S+)\/[\w-]+\/\w*repodata/, Common.channelUnavailable],
  [/failed to (?:download |decode \w+ shard from ')(\S+)\/[\w-]+\/\w*repodata/, Common.channelUnavailable],
  [/^repodata not found|^failed to fetch repodata from channels/m, Common.channelUnavailable],
  [/'\S+' is not a supported scheme/m, Common.channelUnavailable],

  [/because of: No candidates were found for (\S+) \*\.$/m, PixiErrors.packageNotFound],
  [
    /^failed to (?:collect prefix records(?: from '(.+)')?|determine the currently installed packages)/m,
    PixiErrors.prefixDamaged
  ],
  [
    /^(?:the project location seems to be change|The environment directory has moved) from `([^`]+)`/,
    PixiErrors.prefixMoved
  ],
  [/^Cannot solve the request because of: ([^]+)/m, PixiErrors.unsolvable],
  [/pypi (?:requirements|dependencies)[^]*?^(Because [^]+|No Python interpreter found [^]+)/m, PixiErrors.unsolvable],
  [/^(could not resolve pypi dependencies because no python interpreter [^]+)/m, PixiErrors.unsolvable],

  [/(?:project|workspace|environment '[^']*') does not support '([^']+)'/, PixiErrors.platformUnsupported],
  [/no platform supported by|mismatching virtual package/, PixiErrors.platformUnsupported],
  [/Virtual package '.*' does not match/, PixiErrors.platformUnsupported],

  [
    /^invalid package name '(.+?)':|^'(.+?)' is not a valid package name|^"(.+?)" looks like a /,
    PixiErrors.invalidSpec
  ],
  [
    /^(?:unable to parse version spec|could not find (?:exact )?package name in MatchSpec):? (.+)/i,
    PixiErrors.invalidSpec
  ],
  [/^missing package name(?: for spec '(.+)')?|^invalid bracket(?: key: (.+))?/, PixiErrors.invalidSpec],
  [/^invalid (?:number of colons|package path or url|package spec url)/, PixiErrors.invalidSpec],
  [/^invalid (?:version constraint|build number|channel(?! ))/, PixiErrors.invalidSpec],
  [/^multiple bracket sections|^found multiple values for|^more than one semicolon/, PixiErrors.invalidSpec],

  [/^Cannot update pypi dependencies without first installing a conda prefix/, PixiErrors.installNeeded],
  [/installation of conda environment is required to solve PyPI source/, PixiErrors.installNeeded],
  [/^unknown environment '(.+?)'/, PixiErrors.invalidOption("environment")],
  [/^could not find an environment named '?([^'\s]+)/, PixiErrors.invalidOption("environment")],
  [/(?:invalid channel|invalid channel name:|the channel) '(.*?)'/, PixiErrors.invalidOption("channels")],

  [/^Couldn't find (\S+) in \[|^could not find a package named '(.+?)'/, Common.dependencyNotFound],
  [/^failed to remove (?:PyPI )?dependency: '(.+?)'\n.* is missing/, Common.dependencyNotFound],
  [/^dependency `(.+?)` was not found in|^dependency (\S+) is missing|^(\S+) is missing$/i, Common.dependencyNotFound],
  [/^spec type \S+ is missing/i, Common.dependencyNotFound],

  [/No such file or directory \(os error 2\)/, Common.storageFailed]
]
