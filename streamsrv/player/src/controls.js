/*
 * Registers the media-chrome elements that the landing page uses, and the words on them. Loaded only where constructed
 * style sheets exist (see shadow.js).
 */

import "media-chrome/dist/media-controller.js";
import "media-chrome/dist/media-control-bar.js";
import "media-chrome/dist/media-captions-button.js";
import "media-chrome/dist/media-fullscreen-button.js";
import "media-chrome/dist/media-loading-indicator.js";
import "media-chrome/dist/media-mute-button.js";
import "media-chrome/dist/media-pip-button.js";
import "media-chrome/dist/media-play-button.js";
import "media-chrome/dist/media-seek-backward-button.js";
import "media-chrome/dist/media-seek-forward-button.js";
import "media-chrome/dist/media-time-display.js";
import "media-chrome/dist/media-time-range.js";
import "media-chrome/dist/media-volume-range.js";
import "media-chrome/dist/menu/media-captions-menu.js";
import "media-chrome/dist/menu/media-chrome-menu-item.js";
import "media-chrome/dist/menu/media-captions-menu-button.js";
import "media-chrome/dist/menu/media-playback-rate-menu.js";
import "media-chrome/dist/menu/media-playback-rate-menu-button.js";
import { De } from "media-chrome/dist/lang/de.js";
import { Fr } from "media-chrome/dist/lang/fr.js";
import { addTranslation } from "media-chrome/dist/utils/i18n.js";
import { Ar } from "./labels-ar.js";
import { Nl } from "./labels-nl.js";

addTranslation("ar", Ar);
addTranslation("de", De);
addTranslation("fr", Fr);
addTranslation("nl", Nl);
