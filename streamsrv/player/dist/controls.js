/*! Contains open source; see LICENSES.txt. */
var ka=class{addEventListener(){}removeEventListener(){}dispatchEvent(){return!0}},ya=class extends ka{},Ia=class extends ya{constructor(){super(...arguments),this.role=null}},cs=class{observe(){}unobserve(){}disconnect(){}},wo={createElement:function(){return new Ri.HTMLElement},createElementNS:function(){return new Ri.HTMLElement},addEventListener(){},removeEventListener(){},dispatchEvent(t){return!1}},Ri={ResizeObserver:cs,document:wo,Node:ya,Element:Ia,HTMLElement:class extends Ia{constructor(){super(...arguments),this.innerHTML=""}get content(){return new Ri.DocumentFragment}},DocumentFragment:class extends ka{},customElements:{get:function(){},define:function(){},whenDefined:function(){}},localStorage:{getItem(t){return null},setItem(t,e){},removeItem(t){}},CustomEvent:function(){},getComputedStyle:function(){},navigator:{languages:[],get userAgent(){return""}},matchMedia(t){return{matches:!1,media:t}},DOMParser:class{parseFromString(e,i){return{body:{textContent:e}}}}},Mo="global"in globalThis&&(globalThis==null?void 0:globalThis.global)===globalThis||typeof window>"u"||typeof window.customElements>"u",Lo=Object.keys(Ri).every(t=>t in globalThis),l=Mo&&!Lo?Ri:globalThis,H=Mo&&!Lo?wo:globalThis.document;var h={MEDIA_PLAY_REQUEST:"mediaplayrequest",MEDIA_PAUSE_REQUEST:"mediapauserequest",MEDIA_MUTE_REQUEST:"mediamuterequest",MEDIA_UNMUTE_REQUEST:"mediaunmuterequest",MEDIA_LOOP_REQUEST:"medialooprequest",MEDIA_VOLUME_REQUEST:"mediavolumerequest",MEDIA_SEEK_REQUEST:"mediaseekrequest",MEDIA_AIRPLAY_REQUEST:"mediaairplayrequest",MEDIA_ENTER_FULLSCREEN_REQUEST:"mediaenterfullscreenrequest",MEDIA_EXIT_FULLSCREEN_REQUEST:"mediaexitfullscreenrequest",MEDIA_PREVIEW_REQUEST:"mediapreviewrequest",MEDIA_ENTER_PIP_REQUEST:"mediaenterpiprequest",MEDIA_EXIT_PIP_REQUEST:"mediaexitpiprequest",MEDIA_ENTER_CAST_REQUEST:"mediaentercastrequest",MEDIA_EXIT_CAST_REQUEST:"mediaexitcastrequest",MEDIA_SHOW_TEXT_TRACKS_REQUEST:"mediashowtexttracksrequest",MEDIA_HIDE_TEXT_TRACKS_REQUEST:"mediahidetexttracksrequest",MEDIA_SHOW_SUBTITLES_REQUEST:"mediashowsubtitlesrequest",MEDIA_DISABLE_SUBTITLES_REQUEST:"mediadisablesubtitlesrequest",MEDIA_TOGGLE_SUBTITLES_REQUEST:"mediatogglesubtitlesrequest",MEDIA_PLAYBACK_RATE_REQUEST:"mediaplaybackraterequest",MEDIA_RENDITION_REQUEST:"mediarenditionrequest",MEDIA_AUDIO_TRACK_REQUEST:"mediaaudiotrackrequest",MEDIA_SEEK_TO_LIVE_REQUEST:"mediaseektoliverequest",REGISTER_MEDIA_STATE_RECEIVER:"registermediastatereceiver",UNREGISTER_MEDIA_STATE_RECEIVER:"unregistermediastatereceiver"},y={MEDIA_CHROME_ATTRIBUTES:"mediachromeattributes",MEDIA_CONTROLLER:"mediacontroller"},us={MEDIA_AIRPLAY_UNAVAILABLE:"mediaAirplayUnavailable",MEDIA_AUDIO_TRACK_ENABLED:"mediaAudioTrackEnabled",MEDIA_AUDIO_TRACK_LIST:"mediaAudioTrackList",MEDIA_AUDIO_TRACK_UNAVAILABLE:"mediaAudioTrackUnavailable",MEDIA_BUFFERED:"mediaBuffered",MEDIA_CAST_UNAVAILABLE:"mediaCastUnavailable",MEDIA_CHAPTERS_CUES:"mediaChaptersCues",MEDIA_CURRENT_TIME:"mediaCurrentTime",MEDIA_DURATION:"mediaDuration",MEDIA_ENDED:"mediaEnded",MEDIA_ERROR:"mediaError",MEDIA_ERROR_CODE:"mediaErrorCode",MEDIA_ERROR_MESSAGE:"mediaErrorMessage",MEDIA_FULLSCREEN_UNAVAILABLE:"mediaFullscreenUnavailable",MEDIA_HAS_PLAYED:"mediaHasPlayed",MEDIA_HEIGHT:"mediaHeight",MEDIA_IS_AIRPLAYING:"mediaIsAirplaying",MEDIA_IS_CASTING:"mediaIsCasting",MEDIA_IS_FULLSCREEN:"mediaIsFullscreen",MEDIA_IS_PIP:"mediaIsPip",MEDIA_LOADING:"mediaLoading",MEDIA_MUTED:"mediaMuted",MEDIA_LOOP:"mediaLoop",MEDIA_PAUSED:"mediaPaused",MEDIA_PIP_UNAVAILABLE:"mediaPipUnavailable",MEDIA_PLAYBACK_RATE:"mediaPlaybackRate",MEDIA_PREVIEW_CHAPTER:"mediaPreviewChapter",MEDIA_PREVIEW_COORDS:"mediaPreviewCoords",MEDIA_PREVIEW_IMAGE:"mediaPreviewImage",MEDIA_PREVIEW_TIME:"mediaPreviewTime",MEDIA_RENDITION_LIST:"mediaRenditionList",MEDIA_RENDITION_SELECTED:"mediaRenditionSelected",MEDIA_RENDITION_UNAVAILABLE:"mediaRenditionUnavailable",MEDIA_SEEKABLE:"mediaSeekable",MEDIA_STREAM_TYPE:"mediaStreamType",MEDIA_SUBTITLES_LIST:"mediaSubtitlesList",MEDIA_SUBTITLES_SHOWING:"mediaSubtitlesShowing",MEDIA_TARGET_LIVE_WINDOW:"mediaTargetLiveWindow",MEDIA_TIME_IS_LIVE:"mediaTimeIsLive",MEDIA_VOLUME:"mediaVolume",MEDIA_VOLUME_LEVEL:"mediaVolumeLevel",MEDIA_VOLUME_UNAVAILABLE:"mediaVolumeUnavailable",MEDIA_LANG:"mediaLang",MEDIA_WIDTH:"mediaWidth"},Ro=Object.entries(us),n=Ro.reduce((t,[e,i])=>(t[e]=i.toLowerCase(),t),{}),Kd={USER_INACTIVE_CHANGE:"userinactivechange",BREAKPOINTS_CHANGE:"breakpointchange",BREAKPOINTS_COMPUTED:"breakpointscomputed"},Et=Ro.reduce((t,[e,i])=>(t[e]=i.toLowerCase(),t),{...Kd}),mh=Object.entries(Et).reduce((t,[e,i])=>{let a=n[e];return a&&(t[i]=a),t},{userinactivechange:"userinactive"}),Co=Object.entries(n).reduce((t,[e,i])=>{let a=Et[e];return a&&(t[i]=a),t},{userinactive:"userinactivechange"}),re={SUBTITLES:"subtitles",CAPTIONS:"captions",DESCRIPTIONS:"descriptions",CHAPTERS:"chapters",METADATA:"metadata"},Xe={DISABLED:"disabled",HIDDEN:"hidden",SHOWING:"showing"};var wa={MOUSE:"mouse",PEN:"pen",TOUCH:"touch"},se={UNAVAILABLE:"unavailable",UNSUPPORTED:"unsupported"},oe={LIVE:"live",ON_DEMAND:"on-demand",UNKNOWN:"unknown"};var Do={INLINE:"inline",FULLSCREEN:"fullscreen",PICTURE_IN_PICTURE:"picture-in-picture"};var xo=new WeakMap,hs=t=>{let e=xo.get(t);return e||xo.set(t,e=new Set),e},Oo=new l.ResizeObserver(t=>{for(let e of t)for(let i of hs(e.target))i(e)});function $e(t,e){hs(t).add(e),Oo.observe(t)}function Ve(t,e){let i=hs(t);i.delete(e),i.size||Oo.unobserve(t)}var Uo=new Map,Ma=new WeakMap,Po=new WeakMap;function $(t,e){let i=document.createElement("template");i.innerHTML=e;for(let o of i.content.querySelectorAll("template"))o.remove();let a=[],r=new Map;for(let o of i.content.querySelectorAll("style")){o.remove();let d=o.id?Ho(o.textContent,o.media):Gd(o.textContent);o.id&&r.set(o.id,d),a.push(d)}let s=new CSSStyleSheet;Ma.set(t,s),Po.set(t,r),t.replaceChildren(document.importNode(i.content,!0)),t.adoptedStyleSheets=[...a,s]}function O(t,e){return[...Ma.get(t).cssRules].find(a=>a.selectorText===e)??Ft(t,e)}function Ft(t,e){let{cssRules:i}=Ma.get(t);return i[Ma.get(t).insertRule(`${e}{}`,i.length)]}function No(t,e,i){Po.get(t).get(e).media.mediaText=i}function Gd(t){let e=Uo.get(t);return e||(e=Ho(t,""),Uo.set(t,e)),e}function Ho(t,e){let i=new CSSStyleSheet({media:e});return i.replaceSync(t),i}function V(t){let e={};for(let i of t)e[i.name]=i.value;return e}function ue(t){var e;return(e=La(t))!=null?e:ye(t,"media-controller")}function La(t){var e;let{MEDIA_CONTROLLER:i}=y,a=t.getAttribute(i);if(a)return(e=vt(t))==null?void 0:e.getElementById(a)}var Ra=(t,e,i=".value")=>{let a=t.querySelector(i);a&&(a.textContent=e)},qd=(t,e)=>{let i=`slot[name="${e}"]`,a=t.shadowRoot.querySelector(i);return a?a.children:[]},Ca=(t,e)=>qd(t,e)[0],te=(t,e)=>!t||!e?!1:t!=null&&t.contains(e)?!0:te(t,e.getRootNode().host),ye=(t,e)=>{if(!t)return null;let i=t.closest(e);return i||ye(t.getRootNode().host,e)};function Ci(t=document){var e;let i=t==null?void 0:t.activeElement;return i?(e=Ci(i.shadowRoot))!=null?e:i:null}function vt(t){var e;let i=(e=t==null?void 0:t.getRootNode)==null?void 0:e.call(t);return i instanceof ShadowRoot||i instanceof Document?i:null}function Da(t,{depth:e=3,checkOpacity:i=!0,checkVisibilityCSS:a=!0}={}){if(t.checkVisibility)return t.checkVisibility({checkOpacity:i,checkVisibilityCSS:a});let r=t;for(;r&&e>0;){let s=getComputedStyle(r);if(i&&s.opacity==="0"||a&&s.visibility==="hidden"||s.display==="none")return!1;r=r.parentElement,e--}return!0}function Fo(t,e,i,a){let r=a.x-i.x,s=a.y-i.y,o=r*r+s*s;if(o===0)return 0;let d=((t-i.x)*r+(e-i.y)*s)/o;return Math.max(0,Math.min(1,d))}function R(t,e,i=Number.NaN){let a=t.getAttribute(e);return a!=null?+a:i}function U(t,e,i){let a=+i;if(i==null||Number.isNaN(a)){t.hasAttribute(e)&&t.removeAttribute(e);return}R(t,e,void 0)!==a&&t.setAttribute(e,`${a}`)}function T(t,e){return t.hasAttribute(e)}function S(t,e,i){if(i==null){t.hasAttribute(e)&&t.removeAttribute(e);return}T(t,e)!=i&&t.toggleAttribute(e,i)}function D(t,e,i=null){var a;return(a=t.getAttribute(e))!=null?a:i}function C(t,e,i){if(i==null){t.hasAttribute(e)&&t.removeAttribute(e);return}let a=`${i}`;D(t,e,void 0)!==a&&t.setAttribute(e,a)}var Bo=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},ge=(t,e,i)=>(Bo(t,e,"read from private field"),i?i.call(t):e.get(t)),Yd=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},xa=(t,e,i,a)=>(Bo(t,e,"write to private field"),a?a.call(t,i):e.set(t,i),i),J;function Qd(t){return`
    <style>
      :host {
        display: var(--media-control-display, var(--media-gesture-receiver-display, inline-block));
        box-sizing: border-box;
      }
    </style>
  `}var Bt=class extends l.HTMLElement{constructor(){if(super(),Yd(this,J,void 0),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=V(this.attributes);$(this.shadowRoot,this.constructor.getTemplateHTML(e))}}static get observedAttributes(){return[y.MEDIA_CONTROLLER,n.MEDIA_PAUSED]}attributeChangedCallback(e,i,a){var r,s,o,d,c;e===y.MEDIA_CONTROLLER&&(i&&((s=(r=ge(this,J))==null?void 0:r.unassociateElement)==null||s.call(r,this),xa(this,J,null)),a&&this.isConnected&&(xa(this,J,(o=this.getRootNode())==null?void 0:o.getElementById(a)),(c=(d=ge(this,J))==null?void 0:d.associateElement)==null||c.call(d,this)))}connectedCallback(){var e,i;this.tabIndex=-1,this.setAttribute("aria-hidden","true"),xa(this,J,zd(this)),this.getAttribute(y.MEDIA_CONTROLLER)&&((i=(e=ge(this,J))==null?void 0:e.associateElement)==null||i.call(e,this)),ge(this,J)&&(ge(this,J).addEventListener("pointerdown",this),ge(this,J).addEventListener("click",this),ge(this,J).hasAttribute("tabindex")||(ge(this,J).tabIndex=0))}disconnectedCallback(){var e,i,a,r;this.getAttribute(y.MEDIA_CONTROLLER)&&((i=(e=ge(this,J))==null?void 0:e.unassociateElement)==null||i.call(e,this)),(a=ge(this,J))==null||a.removeEventListener("pointerdown",this),(r=ge(this,J))==null||r.removeEventListener("click",this),xa(this,J,null)}handleEvent(e){var i;let a=(i=e.composedPath())==null?void 0:i[0];if(["video","media-controller"].includes(a==null?void 0:a.localName)){if(e.type==="pointerdown")this._pointerType=e.pointerType;else if(e.type==="click"){let{clientX:s,clientY:o}=e,{left:d,top:c,width:b,height:k}=this.getBoundingClientRect(),A=s-d,f=o-c;if(A<0||f<0||A>b||f>k||b===0&&k===0)return;let m=this._pointerType||"mouse";if(this._pointerType=void 0,m===wa.TOUCH){this.handleTap(e);return}else if(m===wa.MOUSE||m===wa.PEN){this.handleMouseClick(e);return}}}}get mediaPaused(){return T(this,n.MEDIA_PAUSED)}set mediaPaused(e){S(this,n.MEDIA_PAUSED,e)}handleTap(e){}handleMouseClick(e){let i=this.mediaPaused?h.MEDIA_PLAY_REQUEST:h.MEDIA_PAUSE_REQUEST;this.dispatchEvent(new l.CustomEvent(i,{composed:!0,bubbles:!0}))}};J=new WeakMap;Bt.shadowRootOptions={mode:"open"};Bt.getTemplateHTML=Qd;function zd(t){var e;let i=t.getAttribute(y.MEDIA_CONTROLLER);return i?(e=t.getRootNode())==null?void 0:e.getElementById(i):ye(t,"media-controller")}l.customElements.get("media-gesture-receiver")||l.customElements.define("media-gesture-receiver",Bt);var ms=Bt;var Wo={"Start airplay":"Start airplay","Stop airplay":"Stop airplay",Audio:"Audio",Captions:"Captions","Enable captions":"Enable captions","Disable captions":"Disable captions","Start casting":"Start casting","Stop casting":"Stop casting","Enter fullscreen mode":"Enter fullscreen mode","Exit fullscreen mode":"Exit fullscreen mode",Mute:"Mute",Unmute:"Unmute",Loop:"Loop","Enter picture in picture mode":"Enter picture in picture mode","Exit picture in picture mode":"Exit picture in picture mode",Play:"Play",Pause:"Pause","Playback rate":"Playback rate","Playback rate {playbackRate}":"Playback rate {playbackRate}",Quality:"Quality","Seek backward":"Seek backward","Seek forward":"Seek forward",Settings:"Settings",Auto:"Auto","audio player":"audio player","video player":"video player",volume:"volume",seek:"seek","closed captions":"closed captions","current playback rate":"current playback rate","playback time":"playback time","media loading":"media loading",settings:"settings","audio tracks":"audio tracks",quality:"quality",play:"play",pause:"pause",mute:"mute",unmute:"unmute","chapter: {chapterName}":"chapter: {chapterName}",live:"live",Off:"Off","start airplay":"start airplay","stop airplay":"stop airplay","start casting":"start casting","stop casting":"stop casting","enter fullscreen mode":"enter fullscreen mode","exit fullscreen mode":"exit fullscreen mode","enter picture in picture mode":"enter picture in picture mode","exit picture in picture mode":"exit picture in picture mode","seek to live":"seek to live","playing live":"playing live","seek back {seekOffset} seconds":"seek back {seekOffset} seconds","seek forward {seekOffset} seconds":"seek forward {seekOffset} seconds","Network Error":"Network Error","Decode Error":"Decode Error","Source Not Supported":"Source Not Supported","Encryption Error":"Encryption Error","A network error caused the media download to fail.":"A network error caused the media download to fail.","A media error caused playback to be aborted. The media could be corrupt or your browser does not support this format.":"A media error caused playback to be aborted. The media could be corrupt or your browser does not support this format.","An unsupported error occurred. The server or network failed, or your browser does not support this format.":"An unsupported error occurred. The server or network failed, or your browser does not support this format.","The media is encrypted and there are no keys to decrypt it.":"The media is encrypted and there are no keys to decrypt it.",hour:"hour",hours:"hours",minute:"minute",minutes:"minutes",second:"second",seconds:"seconds","{time} remaining":"{time} remaining","{currentTime} of {totalTime}":"{currentTime} of {totalTime}","video not loaded, unknown time.":"video not loaded, unknown time."};var $o,Wt={en:Wo},$t=(($o=globalThis.navigator)==null?void 0:$o.language)||"en",Vo=t=>{$t=t},Ke=(t,e)=>{Wt[t]=e},Zd=t=>{var e,i,a;let[r]=$t.split("-");return((e=Wt[$t])==null?void 0:e[t])||((i=Wt[r])==null?void 0:i[t])||((a=Wt.en)==null?void 0:a[t])||t},Ko=()=>{let[t]=$t.split("-");return Wt[$t]?$t:Wt[t]?t:"en"},p=(t,e={})=>Zd(t).replace(/\{(\w+)\}/g,(i,a)=>a in e?String(e[a]):`{${a}}`);var fs=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},G=(t,e,i)=>(fs(t,e,"read from private field"),i?i.call(t):e.get(t)),ie=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},be=(t,e,i,a)=>(fs(t,e,"write to private field"),a?a.call(t,i):e.set(t,i),i),_e=(t,e,i)=>(fs(t,e,"access private method"),i),Di,Pa,Vt,qt,Gt,ps,Kt,Oa,Es,Go,vs,qo,xi,Na,Ha,gs,Yt,Oi,Je,Ua,g={AUDIO:"audio",AUTOHIDE:"autohide",BREAKPOINTS:"breakpoints",GESTURES_DISABLED:"gesturesdisabled",KEYBOARD_CONTROL:"keyboardcontrol",NO_AUTOHIDE:"noautohide",USER_INACTIVE:"userinactive",AUTOHIDE_OVER_CONTROLS:"autohideovercontrols"};function Xd(t){return`
    <style>
      
      :host([${n.MEDIA_IS_FULLSCREEN}]) ::slotted([slot=media]) {
        outline: none;
      }

      :host {
        box-sizing: border-box;
        position: relative;
        display: inline-block;
        line-height: 0;
        background-color: var(--media-background-color, #000);
        overflow: hidden;
      }

      :host(:not([${g.AUDIO}])) [part~=layer]:not([part~=media-layer]) {
        position: absolute;
        top: 0;
        left: 0;
        bottom: 0;
        right: 0;
        display: flex;
        flex-flow: column nowrap;
        align-items: start;
        pointer-events: none;
        background: none;
      }

      slot[name=media] {
        display: var(--media-slot-display, contents);
      }

      
      :host([${g.AUDIO}]) slot[name=media] {
        display: var(--media-slot-display, none);
      }

      
      :host([${g.AUDIO}]) [part~=layer][part~=gesture-layer] {
        height: 0;
        display: block;
      }

      
      :host(:not([${g.AUDIO}])[${g.GESTURES_DISABLED}]) ::slotted([slot=gestures-chrome]),
          :host(:not([${g.AUDIO}])[${g.GESTURES_DISABLED}]) media-gesture-receiver[slot=gestures-chrome] {
        display: none;
      }

      
      ::slotted(:not([slot=media]):not([slot=poster]):not(media-loading-indicator):not([role=dialog]):not([hidden])) {
        pointer-events: auto;
      }

      :host(:not([${g.AUDIO}])) *[part~=layer][part~=centered-layer] {
        align-items: center;
        justify-content: center;
      }

      :host(:not([${g.AUDIO}])) ::slotted(media-gesture-receiver[slot=gestures-chrome]),
      :host(:not([${g.AUDIO}])) media-gesture-receiver[slot=gestures-chrome] {
        align-self: stretch;
        flex-grow: 1;
      }

      slot[name=middle-chrome] {
        display: inline;
        flex-grow: 1;
        pointer-events: none;
        background: none;
      }

      
      ::slotted([slot=media]),
      ::slotted([slot=poster]) {
        width: 100%;
        height: 100%;
      }

      
      :host(:not([${g.AUDIO}])) .spacer {
        flex-grow: 1;
      }

      
      :host(:-webkit-full-screen) {
        
        width: 100% !important;
        height: 100% !important;
      }

      
      ::slotted(:not([slot=media]):not([slot=poster]):not([${g.NO_AUTOHIDE}]):not([hidden]):not([role=dialog])) {
        opacity: 1;
        transition: var(--media-control-transition-in, opacity 0.25s);
      }

      
      :host([${g.USER_INACTIVE}]:not([${n.MEDIA_PAUSED}]):not([${n.MEDIA_IS_AIRPLAYING}]):not([${n.MEDIA_IS_CASTING}]):not([${g.AUDIO}])) ::slotted(:not([slot=media]):not([slot=poster]):not([${g.NO_AUTOHIDE}]):not([role=dialog])) {
        opacity: 0;
        transition: var(--media-control-transition-out, opacity 1s);
      }

      :host([${g.USER_INACTIVE}]:not([${g.NO_AUTOHIDE}]):not([${n.MEDIA_PAUSED}]):not([${n.MEDIA_IS_CASTING}]):not([${g.AUDIO}])) ::slotted([slot=media]) {
        cursor: none;
      }

      :host([${g.USER_INACTIVE}][${g.AUTOHIDE_OVER_CONTROLS}]:not([${g.NO_AUTOHIDE}]):not([${n.MEDIA_PAUSED}]):not([${n.MEDIA_IS_CASTING}]):not([${g.AUDIO}])) * {
        --media-cursor: none;
        cursor: none;
      }


      ::slotted(media-control-bar)  {
        align-self: stretch;
      }

      
      
      :host(:not([${g.AUDIO}])[${n.MEDIA_HAS_PLAYED}]) slot[name=poster],
      :host(:not([${g.AUDIO}])[${n.MEDIA_STREAM_TYPE}="${oe.ON_DEMAND}"][${n.MEDIA_CURRENT_TIME}]:not([${n.MEDIA_CURRENT_TIME}="0"])) slot[name=poster] {
        display: none;
      }

      ::slotted([role=dialog]) {
        width: 100%;
        height: 100%;
        align-self: center;
      }

      ::slotted([role=menu]) {
        align-self: end;
      }
    </style>

    <slot name="media" part="layer media-layer"></slot>
    <slot name="poster" part="layer poster-layer"></slot>
    <slot name="gestures-chrome" part="layer gesture-layer">
      <media-gesture-receiver slot="gestures-chrome">
        <template shadowrootmode="${ms.shadowRootOptions.mode}">
          ${ms.getTemplateHTML({})}
        </template>
      </media-gesture-receiver>
    </slot>
    <span part="layer vertical-layer">
      <slot name="top-chrome" part="top chrome"></slot>
      <slot name="middle-chrome" part="middle chrome"></slot>
      <slot name="centered-chrome" part="layer centered-layer center centered chrome"></slot>
      
      <slot part="bottom chrome"></slot>
    </span>
    <slot name="dialog" part="layer dialog-layer"></slot>
  `}var Jd=Object.values(n),jd="sm:384 md:576 lg:768 xl:960";function ec(t){Yo(t.target,t.contentRect.width)}function Yo(t,e){var i;if(!t.isConnected)return;let a=(i=t.getAttribute(g.BREAKPOINTS))!=null?i:jd,r=tc(a),s=ic(r,e),o=!1;if(Object.keys(r).forEach(d=>{if(s.includes(d)){t.hasAttribute(`breakpoint${d}`)||(t.setAttribute(`breakpoint${d}`,""),o=!0);return}t.hasAttribute(`breakpoint${d}`)&&(t.removeAttribute(`breakpoint${d}`),o=!0)}),o){let d=new CustomEvent(Et.BREAKPOINTS_CHANGE,{detail:s});t.dispatchEvent(d)}t.breakpointsComputed||(t.breakpointsComputed=!0,t.dispatchEvent(new CustomEvent(Et.BREAKPOINTS_COMPUTED,{bubbles:!0,composed:!0})))}function tc(t){let e=t.split(/\s+/);return Object.fromEntries(e.map(i=>i.split(":")))}function ic(t,e){return Object.keys(t).filter(i=>e>=parseInt(t[i]))}var ft=class extends l.HTMLElement{constructor(){if(super(),ie(this,Es),ie(this,vs),ie(this,xi),ie(this,Ha),ie(this,Yt),ie(this,Di,void 0),ie(this,Pa,0),ie(this,Vt,null),ie(this,qt,null),ie(this,Gt,void 0),this.breakpointsComputed=!1,ie(this,ps,e=>{let i=this.media;for(let a of e){if(a.type!=="childList")continue;let r=a.removedNodes;for(let s of r){if(s.slot!="media"||a.target!=this)continue;let o=a.previousSibling&&a.previousSibling.previousElementSibling;if(!o||!i)this.mediaUnsetCallback(s);else{let d=o.slot!=="media";for(;(o=o.previousSibling)!==null;)o.slot=="media"&&(d=!1);d&&this.mediaUnsetCallback(s)}}if(i)for(let s of a.addedNodes)s===i&&this.handleMediaUpdated(i)}}),ie(this,Kt,!1),ie(this,Oa,e=>{G(this,Kt)||(setTimeout(()=>{ec(e),be(this,Kt,!1)},0),be(this,Kt,!0))}),ie(this,Je,void 0),ie(this,Ua,()=>{if(!G(this,Je).assignedElements({flatten:!0}).length){G(this,Vt)&&this.mediaUnsetCallback(G(this,Vt));return}this.handleMediaUpdated(this.media)}),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=V(this.attributes),i=this.constructor.getTemplateHTML(e);$(this.shadowRoot,i)}be(this,Di,new MutationObserver(G(this,ps)))}static get observedAttributes(){return[g.AUTOHIDE,g.GESTURES_DISABLED].concat(Jd).filter(e=>![n.MEDIA_RENDITION_LIST,n.MEDIA_AUDIO_TRACK_LIST,n.MEDIA_CHAPTERS_CUES,n.MEDIA_WIDTH,n.MEDIA_HEIGHT,n.MEDIA_ERROR,n.MEDIA_ERROR_MESSAGE].includes(e))}attributeChangedCallback(e,i,a){e.toLowerCase()==g.AUTOHIDE&&(this.autohide=a)}get media(){let e=this.querySelector(":scope > [slot=media]");return(e==null?void 0:e.nodeName)=="SLOT"&&(e=e.assignedElements({flatten:!0})[0]),e}async handleMediaUpdated(e){e&&(be(this,Vt,e),e.localName.includes("-")&&await l.customElements.whenDefined(e.localName),this.mediaSetCallback(e))}connectedCallback(){var e;G(this,Di).observe(this,{childList:!0,subtree:!0}),$e(this,G(this,Oa));let a=this.getAttribute(g.AUDIO)!=null?p("audio player"):p("video player");this.setAttribute("role","region"),this.setAttribute("aria-label",a),this.handleMediaUpdated(this.media),this.setAttribute(g.USER_INACTIVE,""),Yo(this,this.getBoundingClientRect().width);let r=this.querySelector(":scope > slot[slot=media]");r&&(be(this,Je,r),G(this,Je).addEventListener("slotchange",G(this,Ua))),this.addEventListener("pointerdown",this),this.addEventListener("pointermove",this),this.addEventListener("pointerup",this),this.addEventListener("mouseleave",this),this.addEventListener("keyup",this),(e=l.window)==null||e.addEventListener("mouseup",this)}disconnectedCallback(){var e;Ve(this,G(this,Oa)),clearTimeout(G(this,qt)),G(this,Di).disconnect(),this.media&&this.mediaUnsetCallback(this.media),(e=l.window)==null||e.removeEventListener("mouseup",this),this.removeEventListener("pointerdown",this),this.removeEventListener("pointermove",this),this.removeEventListener("pointerup",this),this.removeEventListener("mouseleave",this),this.removeEventListener("keyup",this),G(this,Je)&&(G(this,Je).removeEventListener("slotchange",G(this,Ua)),be(this,Je,null)),be(this,Kt,!1)}mediaSetCallback(e){}mediaUnsetCallback(e){be(this,Vt,null)}handleEvent(e){switch(e.type){case"pointerdown":be(this,Pa,e.timeStamp);break;case"pointermove":_e(this,Es,Go).call(this,e);break;case"pointerup":_e(this,vs,qo).call(this,e);break;case"mouseleave":_e(this,xi,Na).call(this);break;case"mouseup":this.removeAttribute(g.KEYBOARD_CONTROL);break;case"keyup":_e(this,Yt,Oi).call(this),this.setAttribute(g.KEYBOARD_CONTROL,"");break}}set autohide(e){let i=Number(e);be(this,Gt,isNaN(i)?0:i)}get autohide(){return(G(this,Gt)===void 0?2:G(this,Gt)).toString()}get breakpoints(){return D(this,g.BREAKPOINTS)}set breakpoints(e){C(this,g.BREAKPOINTS,e)}get audio(){return T(this,g.AUDIO)}set audio(e){S(this,g.AUDIO,e)}get gesturesDisabled(){return T(this,g.GESTURES_DISABLED)}set gesturesDisabled(e){S(this,g.GESTURES_DISABLED,e)}get keyboardControl(){return T(this,g.KEYBOARD_CONTROL)}set keyboardControl(e){S(this,g.KEYBOARD_CONTROL,e)}get noAutohide(){return T(this,g.NO_AUTOHIDE)}set noAutohide(e){S(this,g.NO_AUTOHIDE,e)}get autohideOverControls(){return T(this,g.AUTOHIDE_OVER_CONTROLS)}set autohideOverControls(e){S(this,g.AUTOHIDE_OVER_CONTROLS,e)}get userInteractive(){return T(this,g.USER_INACTIVE)}set userInteractive(e){S(this,g.USER_INACTIVE,e)}};Di=new WeakMap;Pa=new WeakMap;Vt=new WeakMap;qt=new WeakMap;Gt=new WeakMap;ps=new WeakMap;Kt=new WeakMap;Oa=new WeakMap;Es=new WeakSet;Go=function(t){if(t.pointerType!=="mouse"&&t.timeStamp-G(this,Pa)<250)return;_e(this,Ha,gs).call(this),clearTimeout(G(this,qt));let e=this.hasAttribute(g.AUTOHIDE_OVER_CONTROLS);([this,this.media].includes(t.target)||e)&&_e(this,Yt,Oi).call(this)};vs=new WeakSet;qo=function(t){if(t.pointerType==="touch"){let e=!this.hasAttribute(g.USER_INACTIVE);[this,this.media].includes(t.target)&&e?_e(this,xi,Na).call(this):_e(this,Yt,Oi).call(this)}else t.composedPath().some(e=>["media-play-button","media-fullscreen-button"].includes(e==null?void 0:e.localName))&&_e(this,Yt,Oi).call(this)};xi=new WeakSet;Na=function(){if(G(this,Gt)<0||this.hasAttribute(g.USER_INACTIVE))return;this.setAttribute(g.USER_INACTIVE,"");let t=new l.CustomEvent(Et.USER_INACTIVE_CHANGE,{composed:!0,bubbles:!0,detail:!0});this.dispatchEvent(t)};Ha=new WeakSet;gs=function(){if(!this.hasAttribute(g.USER_INACTIVE))return;this.removeAttribute(g.USER_INACTIVE);let t=new l.CustomEvent(Et.USER_INACTIVE_CHANGE,{composed:!0,bubbles:!0,detail:!1});this.dispatchEvent(t)};Yt=new WeakSet;Oi=function(){_e(this,Ha,gs).call(this),clearTimeout(G(this,qt));let t=parseInt(this.autohide);t<0||be(this,qt,setTimeout(()=>{_e(this,xi,Na).call(this)},t*1e3))};Je=new WeakMap;Ua=new WeakMap;ft.shadowRootOptions={mode:"open"};ft.getTemplateHTML=Xd;l.customElements.get("media-container")||l.customElements.define("media-container",ft);var ys=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},bt=(t,e,i)=>(ys(t,e,"read from private field"),i?i.call(t):e.get(t)),Ge=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Is=(t,e,i,a)=>(ys(t,e,"write to private field"),a?a.call(t,i):e.set(t,i),i),gt=(t,e,i)=>(ys(t,e,"access private method"),i),Ba,Pi,_t,Fa,bs,_s,Qo,As,zo,Ts,Zo,Ss,Xo,ks,Jo;function ac(t){return`
    <style>
      :host {
        font: var(--media-font,
          var(--media-font-weight, normal)
          var(--media-font-size, 14px) /
          var(--media-text-content-height, var(--media-control-height, 24px))
          var(--media-font-family, helvetica neue, segoe ui, roboto, arial, sans-serif));
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        display: var(--media-dialog-display, inline-flex);
        justify-content: center;
        align-items: center;
        
        transition-behavior: allow-discrete;
        visibility: hidden;
        opacity: 0;
        transform: translateY(2px) scale(.99);
        pointer-events: none;
      }

      :host([open]) {
        transition: display .2s, visibility 0s, opacity .2s ease-out, transform .15s ease-out;
        visibility: visible;
        opacity: 1;
        transform: translateY(0) scale(1);
        pointer-events: auto;
      }

      #content {
        display: flex;
        position: relative;
        box-sizing: border-box;
        width: min(320px, 100%);
        word-wrap: break-word;
        max-height: 100%;
        overflow: auto;
        text-align: center;
        line-height: 1.4;
      }
    </style>
    ${this.getSlotTemplateHTML(t)}
  `}function rc(t){return`
    <slot id="content"></slot>
  `}var Ui={OPEN:"open",ANCHOR:"anchor"},je=class extends l.HTMLElement{constructor(){super(),Ge(this,Fa),Ge(this,_s),Ge(this,As),Ge(this,Ts),Ge(this,Ss),Ge(this,ks),Ge(this,Ba,!1),Ge(this,Pi,null),Ge(this,_t,null)}static get observedAttributes(){return[Ui.OPEN,Ui.ANCHOR]}get open(){return T(this,Ui.OPEN)}set open(e){S(this,Ui.OPEN,e)}handleEvent(e){switch(e.type){case"invoke":gt(this,Ts,Zo).call(this,e);break;case"focusout":gt(this,Ss,Xo).call(this,e);break;case"keydown":gt(this,ks,Jo).call(this,e);break}}connectedCallback(){gt(this,Fa,bs).call(this),this.role||(this.role="dialog"),this.addEventListener("invoke",this),this.addEventListener("focusout",this),this.addEventListener("keydown",this)}disconnectedCallback(){this.removeEventListener("invoke",this),this.removeEventListener("focusout",this),this.removeEventListener("keydown",this)}attributeChangedCallback(e,i,a){gt(this,Fa,bs).call(this),e===Ui.OPEN&&a!==i&&(this.open?gt(this,_s,Qo).call(this):gt(this,As,zo).call(this))}focus(){Is(this,Pi,Ci());let e=!this.dispatchEvent(new Event("focus",{composed:!0,cancelable:!0})),i=!this.dispatchEvent(new Event("focusin",{composed:!0,bubbles:!0,cancelable:!0}));if(e||i)return;let a=this.querySelector('[autofocus], [tabindex]:not([tabindex="-1"]), [role="menu"]');a==null||a.focus()}get keysUsed(){return["Escape","Tab"]}};Ba=new WeakMap;Pi=new WeakMap;_t=new WeakMap;Fa=new WeakSet;bs=function(){if(!bt(this,Ba)&&(Is(this,Ba,!0),!this.shadowRoot)){this.attachShadow(this.constructor.shadowRootOptions);let t=V(this.attributes);$(this.shadowRoot,this.constructor.getTemplateHTML(t)),queueMicrotask(()=>{let{style:e}=O(this.shadowRoot,":host");e.setProperty("transition","display .15s, visibility .15s, opacity .15s ease-in, transform .15s ease-in")})}};_s=new WeakSet;Qo=function(){var t;(t=bt(this,_t))==null||t.setAttribute("aria-expanded","true"),this.dispatchEvent(new Event("open",{composed:!0,bubbles:!0})),this.addEventListener("transitionend",()=>this.focus(),{once:!0})};As=new WeakSet;zo=function(){var t;(t=bt(this,_t))==null||t.setAttribute("aria-expanded","false"),this.dispatchEvent(new Event("close",{composed:!0,bubbles:!0}))};Ts=new WeakSet;Zo=function(t){Is(this,_t,t.relatedTarget),te(this,t.relatedTarget)||(this.open=!this.open)};Ss=new WeakSet;Xo=function(t){var e;te(this,t.relatedTarget)||((e=bt(this,Pi))==null||e.focus(),bt(this,_t)&&bt(this,_t)!==t.relatedTarget&&this.open&&(this.open=!1))};ks=new WeakSet;Jo=function(t){var e,i,a,r,s;let{key:o,ctrlKey:d,altKey:c,metaKey:b}=t;d||c||b||this.keysUsed.includes(o)&&(t.preventDefault(),t.stopPropagation(),o==="Tab"?(t.shiftKey?(i=(e=this.previousElementSibling)==null?void 0:e.focus)==null||i.call(e):(r=(a=this.nextElementSibling)==null?void 0:a.focus)==null||r.call(a),this.blur()):o==="Escape"&&((s=bt(this,Pi))==null||s.focus(),this.open=!1))};je.shadowRootOptions={mode:"open"};je.getTemplateHTML=ac;je.getSlotTemplateHTML=rc;l.customElements.get("media-chrome-dialog")||l.customElements.define("media-chrome-dialog",je);var sc=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},et=(t,e,i)=>(sc(t,e,"read from private field"),i?i.call(t):e.get(t)),jo=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Qt,zt,Ni={HOTKEYS:"hotkeys"},nc=[{keys:[{key:" ",label:"Space"},{key:"k"}],description:"Toggle Playback"},{keys:[{key:"m"}],description:"Toggle mute"},{keys:[{key:"f"}],description:"Toggle fullscreen"},{keys:[{key:"c"}],description:"Toggle captions or subtitles, if available"},{keys:[{key:"p"}],description:"Toggle Picture in Picture"},{keys:[{key:"ArrowLeft",label:"\u2190"},{key:"j"}],description:"Seek back 10s"},{keys:[{key:"ArrowRight",label:"\u2192"},{key:"l"}],description:"Seek forward 10s"},{keys:[{key:"ArrowUp",label:"\u2191"}],description:"Turn volume up"},{keys:[{key:"ArrowDown",label:"\u2193"}],description:"Turn volume down"},{keys:[{key:"<",label:"< (SHIFT+,)"}],description:"Decrease playback rate"},{keys:[{key:">",label:"> (SHIFT+.)"}],description:"Increase playback rate"},{keys:[{key:"shift+/",label:"SHIFT+/"}],description:"Show keyboard shortcuts"}];function $a(t){return t===" "?"nospace":`no${t.toLowerCase()}`}function oc(t){let e=new Set(t==null?void 0:t.split(/\s+/));return nc.map(({keys:i,description:a})=>({keys:i.filter(({key:r})=>!e.has($a(r))),description:a})).filter(({keys:i})=>i.length)}function lc(t){return`
    <style>
      :host {
        position: fixed;
        top: 0;
        left: 0;
        z-index: 9999;
        background: rgb(20 20 30 / .8);
        backdrop-filter: blur(10px);
      }

      #content {
        display: block;
        width: clamp(400px, 40vw, 700px);
        max-width: 90vw;
        text-align: left;
      }

      h2 {
        margin: 0 0 1.5rem 0;
        font-size: 1.5rem;
        font-weight: 500;
        text-align: center;
      }

      .shortcuts-table {
        width: 100%;
        border-collapse: collapse;
      }

      .shortcuts-table tr {
        border-bottom: 1px solid rgba(255, 255, 255, 0.1);
      }

      .shortcuts-table tr:last-child {
        border-bottom: none;
      }

      .shortcuts-table td {
        padding: 0.75rem 0.5rem;
      }

      .shortcuts-table td:first-child {
        text-align: right;
        padding-right: 1rem;
        width: 40%;
        min-width: 120px;
      }

      .shortcuts-table td:last-child {
        padding-left: 1rem;
      }

      .key {
        display: inline-block;
        background: rgba(255, 255, 255, 0.15);
        border: 1px solid rgba(255, 255, 255, 0.2);
        border-radius: 4px;
        padding: 0.25rem 0.5rem;
        font-family: 'Courier New', monospace;
        font-size: 0.9rem;
        font-weight: 500;
        min-width: 1.5rem;
        text-align: center;
        margin: 0 0.2rem;
      }

      .description {
        color: rgba(255, 255, 255, 0.9);
        font-size: 0.95rem;
      }

      .key-combo {
        display: flex;
        align-items: center;
        justify-content: flex-end;
        gap: 0.3rem;
      }

      .key-separator {
        color: rgba(255, 255, 255, 0.5);
        font-size: 0.9rem;
      }
    </style>
    <slot id="content">
      ${el(t[Ni.HOTKEYS])}
    </slot>
  `}function el(t){return`
    <h2>Keyboard Shortcuts</h2>
    <table class="shortcuts-table">${oc(t).map(({keys:i,description:a})=>`
        <tr>
          <td>
            <div class="key-combo">${i.map(({key:s,label:o=s},d)=>d>0?`<span class="key-separator">or</span><span class="key">${o}</span>`:`<span class="key">${o}</span>`).join("")}</div>
          </td>
          <td class="description">${a}</td>
        </tr>
      `).join("")}</table>
  `}var Wa=class extends je{constructor(){super(...arguments),jo(this,Qt,e=>{var i;if(!this.open)return;let a=(i=this.shadowRoot)==null?void 0:i.querySelector("#content");if(!a)return;let r=e.composedPath(),s=r[0]===this||r.includes(this),o=r.includes(a);s&&!o&&(this.open=!1)}),jo(this,zt,e=>{if(!this.open)return;let i=e.shiftKey&&(e.key==="/"||e.key==="?");(e.key==="Escape"||i)&&!e.ctrlKey&&!e.altKey&&!e.metaKey&&(this.open=!1,e.preventDefault(),e.stopPropagation())})}static get observedAttributes(){return[...super.observedAttributes,Ni.HOTKEYS]}get hotkeys(){var e;return(e=D(this,Ni.HOTKEYS))!=null?e:void 0}set hotkeys(e){C(this,Ni.HOTKEYS,e)}connectedCallback(){super.connectedCallback(),this.open&&(this.addEventListener("click",et(this,Qt)),document.addEventListener("keydown",et(this,zt)))}disconnectedCallback(){this.removeEventListener("click",et(this,Qt)),document.removeEventListener("keydown",et(this,zt))}attributeChangedCallback(e,i,a){var r;if(super.attributeChangedCallback(e,i,a),e==="open")this.open?(this.addEventListener("click",et(this,Qt)),document.addEventListener("keydown",et(this,zt))):(this.removeEventListener("click",et(this,Qt)),document.removeEventListener("keydown",et(this,zt)));else if(e===Ni.HOTKEYS&&a!==i){let s=(r=this.shadowRoot)==null?void 0:r.querySelector("#content");s&&(s.innerHTML=el(a))}}};Qt=new WeakMap;zt=new WeakMap;Wa.getSlotTemplateHTML=lc;l.customElements.get("media-keyboard-shortcuts-dialog")||l.customElements.define("media-keyboard-shortcuts-dialog",Wa);var tl=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Z=(t,e,i)=>(tl(t,e,"read from private field"),i?i.call(t):e.get(t)),Hi=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Va=(t,e,i,a)=>(tl(t,e,"write to private field"),a?a.call(t,i):e.set(t,i),i),Zt,Xt,Ka,At,qe,tt,it=class{constructor(e,i,{defaultValue:a}={defaultValue:void 0}){Hi(this,qe),Hi(this,Zt,void 0),Hi(this,Xt,void 0),Hi(this,Ka,void 0),Hi(this,At,new Set),Va(this,Zt,e),Va(this,Xt,i),Va(this,Ka,new Set(a))}[Symbol.iterator](){return Z(this,qe,tt).values()}get length(){return Z(this,qe,tt).size}get value(){var e;return(e=[...Z(this,qe,tt)].join(" "))!=null?e:""}set value(e){var i;e!==this.value&&(Va(this,At,new Set),this.add(...(i=e==null?void 0:e.split(" "))!=null?i:[]))}toString(){return this.value}item(e){return[...Z(this,qe,tt)][e]}values(){return Z(this,qe,tt).values()}forEach(e,i){Z(this,qe,tt).forEach(e,i)}add(...e){var i,a;e.forEach(r=>Z(this,At).add(r)),!(this.value===""&&!((i=Z(this,Zt))!=null&&i.hasAttribute(`${Z(this,Xt)}`)))&&((a=Z(this,Zt))==null||a.setAttribute(`${Z(this,Xt)}`,`${this.value}`))}remove(...e){var i;e.forEach(a=>Z(this,At).delete(a)),(i=Z(this,Zt))==null||i.setAttribute(`${Z(this,Xt)}`,`${this.value}`)}contains(e){return Z(this,qe,tt).has(e)}toggle(e,i){return typeof i<"u"?i?(this.add(e),!0):(this.remove(e),!1):this.contains(e)?(this.remove(e),!1):(this.add(e),!0)}replace(e,i){return this.remove(e),this.add(i),e===i}};Zt=new WeakMap;Xt=new WeakMap;Ka=new WeakMap;At=new WeakMap;qe=new WeakSet;tt=function(){return Z(this,At).size?Z(this,At):Z(this,Ka)};function il(t){return t==null?void 0:t.map(dc).join(" ")}function dc(t){if(t){let{id:e,width:i,height:a}=t;return[e,i,a].filter(r=>r!=null).join(":")}}function al(t){return t==null?void 0:t.map(cc).join(" ")}function cc(t){if(t){let{id:e,kind:i,language:a,label:r}=t;return[e,i,a,r].filter(s=>s!=null).join(":")}}function Jt(t){return typeof t=="number"&&!Number.isNaN(t)&&Number.isFinite(t)}var Ga=t=>new Promise(e=>setTimeout(e,t));var uc=(t="")=>t.split(/\s+/),rl=(t="")=>{let[e,i,a]=t.split(":"),r=a?decodeURIComponent(a):void 0;return{kind:e==="cc"?re.CAPTIONS:re.SUBTITLES,language:i,label:r}},Tt=(t="",e={})=>uc(t).map(i=>{let a=rl(i);return{...e,...a}}),ws=t=>t?Array.isArray(t)?t.map(e=>typeof e=="string"?rl(e):e):typeof t=="string"?Tt(t):[t]:[],qa=({kind:t,label:e,language:i}={kind:"subtitles"})=>e?`${t==="captions"?"cc":"sb"}:${i}:${encodeURIComponent(e)}`:i,Ye=(t=[])=>Array.prototype.map.call(t,qa).join(" "),hc=(t,e)=>i=>i[t]===e,sl=t=>{let e=Object.entries(t).map(([i,a])=>hc(i,a));return i=>e.every(a=>a(i))},St=(t,e=[],i=[])=>{let a=ws(i).map(sl),r=s=>a.some(o=>o(s));Array.from(e).filter(r).forEach(s=>{s.mode=t})},kt=(t,e=()=>!0)=>{if(!(t!=null&&t.textTracks))return[];let i=typeof e=="function"?e:sl(e);return Array.from(t.textTracks).filter(i)},Ya=t=>{var e;return!!((e=t.mediaSubtitlesShowing)!=null&&e.length)||t.hasAttribute(n.MEDIA_SUBTITLES_SHOWING)};var ol=t=>{var e;let{media:i,fullscreenElement:a}=t;try{let r=a&&"requestFullscreen"in a?"requestFullscreen":a&&"webkitRequestFullScreen"in a?"webkitRequestFullScreen":void 0;if(r){let s=(e=a[r])==null?void 0:e.call(a);if(s instanceof Promise)return s.catch(()=>{})}else i!=null&&i.webkitEnterFullscreen?i.webkitEnterFullscreen():i!=null&&i.requestFullscreen&&i.requestFullscreen()}catch(r){console.error(r)}},nl="exitFullscreen"in H?"exitFullscreen":"webkitExitFullscreen"in H?"webkitExitFullscreen":"webkitCancelFullScreen"in H?"webkitCancelFullScreen":void 0,ll=t=>{var e;let{documentElement:i}=t;if(nl){let a=(e=i==null?void 0:i[nl])==null?void 0:e.call(i);if(a instanceof Promise)return a.catch(()=>{})}},Fi="fullscreenElement"in H?"fullscreenElement":"webkitFullscreenElement"in H?"webkitFullscreenElement":void 0,mc=t=>{let{documentElement:e,media:i}=t,a=e==null?void 0:e[Fi];return!a&&"webkitDisplayingFullscreen"in i&&"webkitPresentationMode"in i&&i.webkitDisplayingFullscreen&&i.webkitPresentationMode===Do.FULLSCREEN?i:a},dl=t=>{var e;let{media:i,documentElement:a,fullscreenElement:r=i}=t;if(!i||!a)return!1;let s=mc(t);if(!s)return!1;if(s===r||s===i)return!0;if(s.localName.includes("-")){let o=s.shadowRoot;if(!(Fi in o))return te(s,r);for(;o!=null&&o[Fi];){if(o[Fi]===r)return!0;o=(e=o[Fi])==null?void 0:e.shadowRoot}}return!1},pc="fullscreenEnabled"in H?"fullscreenEnabled":"webkitFullscreenEnabled"in H?"webkitFullscreenEnabled":void 0,cl=t=>{let{documentElement:e,media:i}=t;return!!(e!=null&&e[pc])||i&&"webkitSupportsFullscreen"in i};var Qa,Ms=()=>{var t,e;return Qa||(Qa=(e=(t=H)==null?void 0:t.createElement)==null?void 0:e.call(t,"video"),Qa)},ul=async(t=Ms())=>{if(!t)return!1;let e=t.volume;t.volume=e/2+.1;let i=new AbortController,a=await Promise.race([Ec(t,i.signal),vc(t,e)]);return i.abort(),a},Ec=(t,e)=>new Promise(i=>{t.addEventListener("volumechange",()=>i(!0),{signal:e})}),vc=async(t,e)=>{for(let i=0;i<10;i++){if(t.volume===e)return!1;await Ga(10)}return t.volume!==e},fc=/.*Version\/.*Safari\/.*/.test(l.navigator.userAgent),Ls=(t=Ms())=>l.matchMedia("(display-mode: standalone)").matches&&fc?!1:typeof(t==null?void 0:t.requestPictureInPicture)=="function",Rs=(t=Ms())=>cl({documentElement:H,media:t}),hl=Rs(),ml=Ls(),pl=!!l.WebKitPlaybackTargetAvailabilityEvent,El=!!l.chrome;var jt=t=>kt(t.media,e=>[re.SUBTITLES,re.CAPTIONS].includes(e.kind)).sort((e,i)=>e.kind>=i.kind?1:-1),Cs=t=>kt(t.media,e=>e.mode===Xe.SHOWING&&[re.SUBTITLES,re.CAPTIONS].includes(e.kind)),za=(t,e)=>{let i=jt(t),a=Cs(t),r=!!a.length;if(i.length){if(e===!1||r&&e!==!0)St(Xe.DISABLED,i,a);else if(e===!0||!r&&e!==!1){let s=i[0],{options:o}=t;if(!(o!=null&&o.noSubtitlesLangPref)){let k=l.localStorage.getItem("media-chrome-pref-subtitles-lang"),A=k?[k,...l.navigator.languages]:l.navigator.languages,f=i.filter(m=>A.some(_=>m.language.toLowerCase().startsWith(_.split("-")[0]))).sort((m,_)=>{let v=A.findIndex(I=>m.language.toLowerCase().startsWith(I.split("-")[0])),w=A.findIndex(I=>_.language.toLowerCase().startsWith(I.split("-")[0]));return v-w});f[0]&&(s=f[0])}let{language:d,label:c,kind:b}=s;St(Xe.DISABLED,i,a),St(Xe.SHOWING,i,[{language:d,label:c,kind:b}])}}},Za=(t,e)=>t===e?!0:t==null||e==null||typeof t!=typeof e?!1:typeof t=="number"&&Number.isNaN(t)&&Number.isNaN(e)?!0:typeof t!="object"?!1:Array.isArray(t)?gc(t,e):Object.entries(t).every(([i,a])=>i in e&&Za(a,e[i])),gc=(t,e)=>{let i=Array.isArray(t),a=Array.isArray(e);return i!==a?!1:i||a?t.length!==e.length?!1:t.every((r,s)=>Za(r,e[s])):!0};var bc=Object.values(oe),Xa,_c=ul().then(t=>(Xa=t,Xa)),vl=async(...t)=>{await Promise.all(t.filter(e=>e).map(async e=>{if(!("localName"in e&&e instanceof l.HTMLElement))return;let i=e.localName;if(!i.includes("-"))return;let a=l.customElements.get(i);a&&e instanceof a||(await l.customElements.whenDefined(i),l.customElements.upgrade(e))}))},Ac=new l.DOMParser,Tc=t=>t&&(Ac.parseFromString(t,"text/html").body.textContent||t),ei={mediaError:{get(t,e){let{media:i}=t;if((e==null?void 0:e.type)!=="playing")return i==null?void 0:i.error},mediaEvents:["emptied","error","playing"]},mediaErrorCode:{get(t,e){var i;let{media:a}=t;if((e==null?void 0:e.type)!=="playing")return(i=a==null?void 0:a.error)==null?void 0:i.code},mediaEvents:["emptied","error","playing"]},mediaErrorMessage:{get(t,e){var i,a;let{media:r}=t;if((e==null?void 0:e.type)!=="playing")return(a=(i=r==null?void 0:r.error)==null?void 0:i.message)!=null?a:""},mediaEvents:["emptied","error","playing"]},mediaWidth:{get(t){var e;let{media:i}=t;return(e=i==null?void 0:i.videoWidth)!=null?e:0},mediaEvents:["resize"]},mediaHeight:{get(t){var e;let{media:i}=t;return(e=i==null?void 0:i.videoHeight)!=null?e:0},mediaEvents:["resize"]},mediaPaused:{get(t){var e;let{media:i}=t;return(e=i==null?void 0:i.paused)!=null?e:!0},set(t,e){var i;let{media:a}=e;a&&(t?a.pause():(i=a.play())==null||i.catch(()=>{}))},mediaEvents:["play","playing","pause","emptied"]},mediaHasPlayed:{get(t,e){let{media:i}=t;return i?e?e.type==="playing":!i.paused:!1},mediaEvents:["playing","emptied"]},mediaEnded:{get(t){var e;let{media:i}=t;return(e=i==null?void 0:i.ended)!=null?e:!1},mediaEvents:["seeked","ended","emptied"]},mediaPlaybackRate:{get(t){var e;let{media:i}=t;return(e=i==null?void 0:i.playbackRate)!=null?e:1},set(t,e){let{media:i}=e;i&&Number.isFinite(+t)&&(i.playbackRate=+t)},mediaEvents:["ratechange","loadstart"]},mediaMuted:{get(t){var e;let{media:i}=t;return(e=i==null?void 0:i.muted)!=null?e:!1},set(t,e){let{media:i,options:{noMutedPref:a}={}}=e;if(i){i.muted=t;try{let r=l.localStorage.getItem("media-chrome-pref-muted")!==null,s=i.hasAttribute("muted");if(a){r&&l.localStorage.removeItem("media-chrome-pref-muted");return}if(s&&!r)return;l.localStorage.setItem("media-chrome-pref-muted",t?"true":"false")}catch(r){console.debug("Error setting muted pref",r)}}},mediaEvents:["volumechange"],stateOwnersUpdateHandlers:[(t,e)=>{let{options:{noMutedPref:i}}=e,{media:a}=e;if(!(!a||a.muted||i))try{let r=l.localStorage.getItem("media-chrome-pref-muted")==="true";ei.mediaMuted.set(r,e),t(r)}catch(r){console.debug("Error getting muted pref",r)}}]},mediaLoop:{get(t){let{media:e}=t;return e==null?void 0:e.loop},set(t,e){let{media:i}=e;i&&(i.loop=t)},mediaEvents:["medialooprequest"]},mediaVolume:{get(t){var e;let{media:i}=t;return(e=i==null?void 0:i.volume)!=null?e:1},set(t,e){let{media:i,options:{noVolumePref:a}={}}=e;if(i){try{t==null?l.localStorage.removeItem("media-chrome-pref-volume"):!i.hasAttribute("muted")&&!a&&l.localStorage.setItem("media-chrome-pref-volume",t.toString())}catch(r){console.debug("Error setting volume pref",r)}Number.isFinite(+t)&&(i.volume=+t)}},mediaEvents:["volumechange"],stateOwnersUpdateHandlers:[(t,e)=>{let{options:{noVolumePref:i}}=e;if(!i)try{let{media:a}=e;if(!a)return;let r=l.localStorage.getItem("media-chrome-pref-volume");if(r==null)return;ei.mediaVolume.set(+r,e),t(+r)}catch(a){console.debug("Error getting volume pref",a)}}]},mediaVolumeLevel:{get(t){let{media:e}=t;return typeof(e==null?void 0:e.volume)>"u"?"high":e.muted||e.volume===0?"off":e.volume<.5?"low":e.volume<.75?"medium":"high"},mediaEvents:["volumechange"]},mediaCurrentTime:{get(t){var e;let{media:i}=t;return(e=i==null?void 0:i.currentTime)!=null?e:0},set(t,e){let{media:i}=e;!i||!Jt(t)||(i.currentTime=t)},mediaEvents:["timeupdate","loadedmetadata","seeking"]},mediaDuration:{get(t){let{media:e,options:{defaultDuration:i}={}}=t;return i&&(!e||!e.duration||Number.isNaN(e.duration)||!Number.isFinite(e.duration))?i:Number.isFinite(e==null?void 0:e.duration)?e.duration:Number.NaN},mediaEvents:["durationchange","loadedmetadata","emptied"]},mediaLoading:{get(t){let{media:e}=t;return(e==null?void 0:e.readyState)<3},mediaEvents:["waiting","playing","emptied"]},mediaSeekable:{get(t){var e;let{media:i}=t;if(!((e=i==null?void 0:i.seekable)!=null&&e.length))return;let a=i.seekable.start(0),r=i.seekable.end(i.seekable.length-1);if(!(!a&&!r))return[Number(a.toFixed(3)),Number(r.toFixed(3))]},mediaEvents:["loadedmetadata","emptied","progress","seekablechange"]},mediaBuffered:{get(t){var e;let{media:i}=t,a=(e=i==null?void 0:i.buffered)!=null?e:[];return Array.from(a).map((r,s)=>[Number(a.start(s).toFixed(3)),Number(a.end(s).toFixed(3))])},mediaEvents:["progress","emptied"]},mediaStreamType:{get(t){let{media:e,options:{defaultStreamType:i}={}}=t,a=[oe.LIVE,oe.ON_DEMAND].includes(i)?i:void 0;if(!e)return a;let{streamType:r}=e;if(bc.includes(r))return r===oe.UNKNOWN?a:r;let s=e.duration;return s===1/0?oe.LIVE:Number.isFinite(s)?oe.ON_DEMAND:a},mediaEvents:["emptied","durationchange","loadedmetadata","streamtypechange"]},mediaTargetLiveWindow:{get(t){let{media:e}=t;if(!e)return Number.NaN;let{targetLiveWindow:i}=e,a=ei.mediaStreamType.get(t);return(i==null||Number.isNaN(i))&&a===oe.LIVE?0:i},mediaEvents:["emptied","durationchange","loadedmetadata","streamtypechange","targetlivewindowchange"]},mediaTimeIsLive:{get(t){let{media:e,options:{liveEdgeOffset:i=10}={}}=t;if(!e)return!1;if(typeof e.liveEdgeStart=="number")return Number.isNaN(e.liveEdgeStart)?!1:e.currentTime>=e.liveEdgeStart;if(!(ei.mediaStreamType.get(t)===oe.LIVE))return!1;let r=e.seekable;if(!r)return!0;if(!r.length)return!1;let s=r.end(r.length-1)-i;return e.currentTime>=s},mediaEvents:["playing","timeupdate","progress","waiting","emptied"]},mediaSubtitlesList:{get(t){return jt(t).map(({kind:e,label:i,language:a})=>({kind:e,label:i,language:a}))},mediaEvents:["loadstart"],textTracksEvents:["addtrack","removetrack"]},mediaSubtitlesShowing:{get(t){return Cs(t).map(({kind:e,label:i,language:a})=>({kind:e,label:i,language:a}))},mediaEvents:["loadstart"],textTracksEvents:["addtrack","removetrack","change"],stateOwnersUpdateHandlers:[(t,e)=>{var i,a;let{media:r,options:s}=e;if(!r)return;let o=d=>{var c;!s.defaultSubtitles||d&&![re.CAPTIONS,re.SUBTITLES].includes((c=d==null?void 0:d.track)==null?void 0:c.kind)||za(e,!0)};return r.addEventListener("loadstart",o),(i=r.textTracks)==null||i.addEventListener("addtrack",o),(a=r.textTracks)==null||a.addEventListener("removetrack",o),()=>{var d,c;r.removeEventListener("loadstart",o),(d=r.textTracks)==null||d.removeEventListener("addtrack",o),(c=r.textTracks)==null||c.removeEventListener("removetrack",o)}}]},mediaChaptersCues:{get(t){var e;let{media:i}=t;if(!i)return[];let[a]=kt(i,{kind:re.CHAPTERS});return Array.from((e=a==null?void 0:a.cues)!=null?e:[]).map(({text:r,startTime:s,endTime:o})=>({text:Tc(r),startTime:s,endTime:o}))},mediaEvents:["loadstart","loadedmetadata"],textTracksEvents:["addtrack","removetrack","change"],stateOwnersUpdateHandlers:[(t,e)=>{var i;let{media:a}=e;if(!a)return;let r=a.querySelector('track[kind="chapters"][default][src]'),s=(i=a.shadowRoot)==null?void 0:i.querySelector(':is(video,audio) > track[kind="chapters"][default][src]');return r==null||r.addEventListener("load",t),s==null||s.addEventListener("load",t),()=>{r==null||r.removeEventListener("load",t),s==null||s.removeEventListener("load",t)}}]},mediaIsPip:{get(t){var e,i;let{media:a,documentElement:r}=t;if(!a||!r||!r.pictureInPictureElement)return!1;if(r.pictureInPictureElement===a)return!0;if(r.pictureInPictureElement instanceof HTMLMediaElement)return(e=a.localName)!=null&&e.includes("-")?te(a,r.pictureInPictureElement):!1;if(r.pictureInPictureElement.localName.includes("-")){let s=r.pictureInPictureElement.shadowRoot;for(;s!=null&&s.pictureInPictureElement;){if(s.pictureInPictureElement===a)return!0;s=(i=s.pictureInPictureElement)==null?void 0:i.shadowRoot}}return!1},set(t,e){let{media:i}=e;if(i)if(t){if(!H.pictureInPictureEnabled){console.warn("MediaChrome: Picture-in-picture is not enabled");return}if(!i.requestPictureInPicture){console.warn("MediaChrome: The current media does not support picture-in-picture");return}let a=()=>{console.warn("MediaChrome: The media is not ready for picture-in-picture. It must have a readyState > 0.")};i.requestPictureInPicture().catch(r=>{if(r.code===11){if(!i.src){console.warn("MediaChrome: The media is not ready for picture-in-picture. It must have a src set.");return}if(i.readyState===0&&i.preload==="none"){let s=()=>{i.removeEventListener("loadedmetadata",o),i.preload="none"},o=()=>{i.requestPictureInPicture().catch(a),s()};i.addEventListener("loadedmetadata",o),i.preload="metadata",setTimeout(()=>{i.readyState===0&&a(),s()},1e3)}else throw r}else throw r})}else H.pictureInPictureElement&&H.exitPictureInPicture()},mediaEvents:["enterpictureinpicture","leavepictureinpicture"]},mediaRenditionList:{get(t){var e;let{media:i}=t;return[...(e=i==null?void 0:i.videoRenditions)!=null?e:[]].map(a=>({...a}))},mediaEvents:["emptied","loadstart"],videoRenditionsEvents:["addrendition","removerendition"]},mediaRenditionSelected:{get(t){var e,i,a;let{media:r}=t;return(a=(i=r==null?void 0:r.videoRenditions)==null?void 0:i[(e=r.videoRenditions)==null?void 0:e.selectedIndex])==null?void 0:a.id},set(t,e){let{media:i}=e;if(!(i!=null&&i.videoRenditions)){console.warn("MediaController: Rendition selection not supported by this media.");return}let a=t,r=Array.prototype.findIndex.call(i.videoRenditions,s=>s.id==a);i.videoRenditions.selectedIndex!=r&&(i.videoRenditions.selectedIndex=r)},mediaEvents:["emptied"],videoRenditionsEvents:["addrendition","removerendition","change"]},mediaAudioTrackList:{get(t){var e;let{media:i}=t;return[...(e=i==null?void 0:i.audioTracks)!=null?e:[]]},mediaEvents:["emptied","loadstart"],audioTracksEvents:["addtrack","removetrack"]},mediaAudioTrackEnabled:{get(t){var e,i;let{media:a}=t;return(i=[...(e=a==null?void 0:a.audioTracks)!=null?e:[]].find(r=>r.enabled))==null?void 0:i.id},set(t,e){let{media:i}=e;if(!(i!=null&&i.audioTracks)){console.warn("MediaChrome: Audio track selection not supported by this media.");return}let a=t;for(let r of i.audioTracks)r.enabled=a==r.id},mediaEvents:["emptied"],audioTracksEvents:["addtrack","removetrack","change"]},mediaIsFullscreen:{get(t){return dl(t)},set(t,e,i){var a,r;t?(ol(e),i.detail&&!((a=e.media)!=null&&a.inert)&&((r=e.media)==null||r.focus())):ll(e)},rootEvents:["fullscreenchange","webkitfullscreenchange"],mediaEvents:["webkitbeginfullscreen","webkitendfullscreen","webkitpresentationmodechanged"]},mediaIsCasting:{get(t){var e;let{media:i}=t;return!(i!=null&&i.remote)||((e=i.remote)==null?void 0:e.state)==="disconnected"?!1:i.remote.state==="connected"},set(t,e){var i,a;let{media:r}=e;if(r&&!(t&&((i=r.remote)==null?void 0:i.state)!=="disconnected")&&!(!t&&((a=r.remote)==null?void 0:a.state)!=="connected")){if(typeof r.remote.prompt!="function"){console.warn("MediaChrome: Casting is not supported in this environment");return}r.remote.prompt().catch(()=>{})}},remoteEvents:["connect","connecting","disconnect"]},mediaIsAirplaying:{get(){return!1},set(t,e){let{media:i}=e;if(i){if(!(i.webkitShowPlaybackTargetPicker&&l.WebKitPlaybackTargetAvailabilityEvent)){console.error("MediaChrome: received a request to select AirPlay but AirPlay is not supported in this environment");return}i.webkitShowPlaybackTargetPicker()}},mediaEvents:["webkitcurrentplaybacktargetiswirelesschanged"]},mediaFullscreenUnavailable:{get(t){let{media:e}=t;if(!hl||!Rs(e))return se.UNSUPPORTED}},mediaPipUnavailable:{get(t){let{media:e}=t;if(!ml||!Ls(e))return se.UNSUPPORTED;if(e!=null&&e.disablePictureInPicture)return se.UNAVAILABLE}},mediaVolumeUnavailable:{get(t){let{media:e}=t;if(Xa===!1||(e==null?void 0:e.volume)==null)return se.UNSUPPORTED},stateOwnersUpdateHandlers:[t=>{Xa==null&&_c.then(e=>t(e?void 0:se.UNSUPPORTED))}]},mediaCastUnavailable:{get(t,{availability:e="not-available"}={}){var i;let{media:a}=t;if(!El||!((i=a==null?void 0:a.remote)!=null&&i.state))return se.UNSUPPORTED;if(!(e==null||e==="available"))return se.UNAVAILABLE},stateOwnersUpdateHandlers:[(t,e)=>{var i;let{media:a}=e;return a?(a.disableRemotePlayback||a.hasAttribute("disableremoteplayback")||(i=a==null?void 0:a.remote)==null||i.watchAvailability(s=>{t({availability:s?"available":"not-available"})}).catch(s=>{s.name==="NotSupportedError"?t({availability:null}):t({availability:"not-available"})}),()=>{var s;(s=a==null?void 0:a.remote)==null||s.cancelWatchAvailability().catch(()=>{})}):void 0}]},mediaAirplayUnavailable:{get(t,e){if(!pl)return se.UNSUPPORTED;if((e==null?void 0:e.availability)==="not-available")return se.UNAVAILABLE},mediaEvents:["webkitplaybacktargetavailabilitychanged"],stateOwnersUpdateHandlers:[(t,e)=>{var i;let{media:a}=e;return a?(a.disableRemotePlayback||a.hasAttribute("disableremoteplayback")||(i=a==null?void 0:a.remote)==null||i.watchAvailability(s=>{t({availability:s?"available":"not-available"})}).catch(s=>{s.name==="NotSupportedError"?t({availability:null}):t({availability:"not-available"})}),()=>{var s;(s=a==null?void 0:a.remote)==null||s.cancelWatchAvailability().catch(()=>{})}):void 0}]},mediaRenditionUnavailable:{get(t){var e;let{media:i}=t;if(!(i!=null&&i.videoRenditions))return se.UNSUPPORTED;if(!((e=i.videoRenditions)!=null&&e.length))return se.UNAVAILABLE},mediaEvents:["emptied","loadstart"],videoRenditionsEvents:["addrendition","removerendition"]},mediaAudioTrackUnavailable:{get(t){var e,i;let{media:a}=t;if(!(a!=null&&a.audioTracks))return se.UNSUPPORTED;if(((i=(e=a.audioTracks)==null?void 0:e.length)!=null?i:0)<=1)return se.UNAVAILABLE},mediaEvents:["emptied","loadstart"],audioTracksEvents:["addtrack","removetrack"]},mediaLang:{get(t){let{options:{mediaLang:e}={}}=t;return e??"en"}}};var fl={[h.MEDIA_PREVIEW_REQUEST](t,e,{detail:i}){var a,r,s;let{media:o}=e,d=i??void 0,c,b;if(o&&d!=null){let[m]=kt(o,{kind:re.METADATA,label:"thumbnails"}),_=Array.prototype.find.call((a=m==null?void 0:m.cues)!=null?a:[],(v,w,I)=>w===0?v.endTime>d:w===I.length-1?v.startTime<=d:v.startTime<=d&&v.endTime>d);if(_){let v=/'^(?:[a-z]+:)?\/\//i.test(_.text)||(r=o==null?void 0:o.querySelector('track[label="thumbnails"]'))==null?void 0:r.src,w=new URL(_.text,v);b=new URLSearchParams(w.hash).get("#xywh").split(",").map(ee=>+ee),c=w.href}}let k=t.mediaDuration.get(e),f=(s=t.mediaChaptersCues.get(e).find((m,_,v)=>_===v.length-1&&k===m.endTime?m.startTime<=d&&m.endTime>=d:m.startTime<=d&&m.endTime>d))==null?void 0:s.text;return i!=null&&f==null&&(f=""),{mediaPreviewTime:d,mediaPreviewImage:c,mediaPreviewCoords:b,mediaPreviewChapter:f}},[h.MEDIA_PAUSE_REQUEST](t,e){t["mediaPaused"].set(!0,e)},[h.MEDIA_PLAY_REQUEST](t,e){var i,a,r,s;let o="mediaPaused",c=t.mediaStreamType.get(e)===oe.LIVE,b=!((i=e.options)!=null&&i.noAutoSeekToLive),k=t.mediaTargetLiveWindow.get(e)>0;if(c&&b&&!k){let A=(a=t.mediaSeekable.get(e))==null?void 0:a[1];if(A){let f=(s=(r=e.options)==null?void 0:r.seekToLiveOffset)!=null?s:0,m=A-f;t.mediaCurrentTime.set(m,e)}}t[o].set(!1,e)},[h.MEDIA_PLAYBACK_RATE_REQUEST](t,e,{detail:i}){let a="mediaPlaybackRate",r=i;t[a].set(r,e)},[h.MEDIA_MUTE_REQUEST](t,e){t["mediaMuted"].set(!0,e)},[h.MEDIA_UNMUTE_REQUEST](t,e){let i="mediaMuted";t.mediaVolume.get(e)||t.mediaVolume.set(.25,e),t[i].set(!1,e)},[h.MEDIA_LOOP_REQUEST](t,e,{detail:i}){let a="mediaLoop",r=!!i;return t[a].set(r,e),{mediaLoop:r}},[h.MEDIA_VOLUME_REQUEST](t,e,{detail:i}){let a="mediaVolume",r=i;r&&t.mediaMuted.get(e)&&t.mediaMuted.set(!1,e),t[a].set(r,e)},[h.MEDIA_SEEK_REQUEST](t,e,{detail:i}){let a="mediaCurrentTime",r=i;t[a].set(r,e)},[h.MEDIA_SEEK_TO_LIVE_REQUEST](t,e){var i,a,r;let s="mediaCurrentTime",o=(i=t.mediaSeekable.get(e))==null?void 0:i[1];if(Number.isNaN(Number(o)))return;let d=(r=(a=e.options)==null?void 0:a.seekToLiveOffset)!=null?r:0,c=o-d;t[s].set(c,e)},[h.MEDIA_SHOW_SUBTITLES_REQUEST](t,e,{detail:i}){var a;let{options:r}=e,s=jt(e),o=ws(i),d=(a=o[0])==null?void 0:a.language;d&&!r.noSubtitlesLangPref&&l.localStorage.setItem("media-chrome-pref-subtitles-lang",d),St(Xe.SHOWING,s,o)},[h.MEDIA_DISABLE_SUBTITLES_REQUEST](t,e,{detail:i}){let a=jt(e),r=i??[];St(Xe.DISABLED,a,r)},[h.MEDIA_TOGGLE_SUBTITLES_REQUEST](t,e,{detail:i}){za(e,i)},[h.MEDIA_RENDITION_REQUEST](t,e,{detail:i}){let a="mediaRenditionSelected",r=i;t[a].set(r,e)},[h.MEDIA_AUDIO_TRACK_REQUEST](t,e,{detail:i}){let a="mediaAudioTrackEnabled",r=i;t[a].set(r,e)},[h.MEDIA_ENTER_PIP_REQUEST](t,e){let i="mediaIsPip";t.mediaIsFullscreen.get(e)&&t.mediaIsFullscreen.set(!1,e),t[i].set(!0,e)},[h.MEDIA_EXIT_PIP_REQUEST](t,e){t["mediaIsPip"].set(!1,e)},[h.MEDIA_ENTER_FULLSCREEN_REQUEST](t,e,i){let a="mediaIsFullscreen";t.mediaIsPip.get(e)&&t.mediaIsPip.set(!1,e),t[a].set(!0,e,i)},[h.MEDIA_EXIT_FULLSCREEN_REQUEST](t,e){t["mediaIsFullscreen"].set(!1,e)},[h.MEDIA_ENTER_CAST_REQUEST](t,e){let i="mediaIsCasting";t.mediaIsFullscreen.get(e)&&t.mediaIsFullscreen.set(!1,e),t[i].set(!0,e)},[h.MEDIA_EXIT_CAST_REQUEST](t,e){t["mediaIsCasting"].set(!1,e)},[h.MEDIA_AIRPLAY_REQUEST](t,e){t["mediaIsAirplaying"].set(!0,e)}};var gl=({media:t,fullscreenElement:e,documentElement:i,stateMediator:a=ei,requestMap:r=fl,options:s={},monitorStateOwnersOnlyWithSubscriptions:o=!0})=>{let d=[],c={options:{...s}},b=Object.freeze({mediaPreviewTime:void 0,mediaPreviewImage:void 0,mediaPreviewCoords:void 0,mediaPreviewChapter:void 0}),k=v=>{v!=null&&(Za(v,b)||(b=Object.freeze({...b,...v}),d.forEach(w=>w(b))))},A=()=>{let v=Object.entries(a).reduce((w,[I,{get:ee}])=>(w[I]=ee(c),w),{});k(v)},f={},m,_=async(v,w)=>{var I,ee,Ii,wi,Pt,Be,We,Mi,pt,eo,to,io,ao,ro,so,no;let Pd=!!m;if(m={...c,...m??{},...v},Pd)return;await vl(...Object.values(v));let Nt=d.length>0&&w===0&&o,oo=c.media!==m.media,lo=((I=c.media)==null?void 0:I.textTracks)!==((ee=m.media)==null?void 0:ee.textTracks),co=((Ii=c.media)==null?void 0:Ii.videoRenditions)!==((wi=m.media)==null?void 0:wi.videoRenditions),uo=((Pt=c.media)==null?void 0:Pt.audioTracks)!==((Be=m.media)==null?void 0:Be.audioTracks),ho=((We=c.media)==null?void 0:We.remote)!==((Mi=m.media)==null?void 0:Mi.remote),mo=c.documentElement!==m.documentElement,po=!!c.media&&(oo||Nt),Eo=!!((pt=c.media)!=null&&pt.textTracks)&&(lo||Nt),vo=!!((eo=c.media)!=null&&eo.videoRenditions)&&(co||Nt),fo=!!((to=c.media)!=null&&to.audioTracks)&&(uo||Nt),go=!!((io=c.media)!=null&&io.remote)&&(ho||Nt),bo=!!c.documentElement&&(mo||Nt),ds=po||Eo||vo||fo||go||bo,Ht=d.length===0&&w===1&&o,_o=!!m.media&&(oo||Ht),Ao=!!((ao=m.media)!=null&&ao.textTracks)&&(lo||Ht),To=!!((ro=m.media)!=null&&ro.videoRenditions)&&(co||Ht),So=!!((so=m.media)!=null&&so.audioTracks)&&(uo||Ht),ko=!!((no=m.media)!=null&&no.remote)&&(ho||Ht),yo=!!m.documentElement&&(mo||Ht),Io=_o||Ao||To||So||ko||yo;if(!(ds||Io)){Object.entries(m).forEach(([x,Li])=>{c[x]=Li}),A(),m=void 0;return}Object.entries(a).forEach(([x,{get:Li,mediaEvents:Nd=[],textTracksEvents:Hd=[],videoRenditionsEvents:Fd=[],audioTracksEvents:Bd=[],remoteEvents:Wd=[],rootEvents:$d=[],stateOwnersUpdateHandlers:Vd=[]}])=>{f[x]||(f[x]={});let ne=W=>{let q=Li(c,W);k({[x]:q})},z;z=f[x].mediaEvents,Nd.forEach(W=>{z&&po&&(c.media.removeEventListener(W,z),f[x].mediaEvents=void 0),_o&&(m.media.addEventListener(W,ne),f[x].mediaEvents=ne)}),z=f[x].textTracksEvents,Hd.forEach(W=>{var q,fe;z&&Eo&&((q=c.media.textTracks)==null||q.removeEventListener(W,z),f[x].textTracksEvents=void 0),Ao&&((fe=m.media.textTracks)==null||fe.addEventListener(W,ne),f[x].textTracksEvents=ne)}),z=f[x].videoRenditionsEvents,Fd.forEach(W=>{var q,fe;z&&vo&&((q=c.media.videoRenditions)==null||q.removeEventListener(W,z),f[x].videoRenditionsEvents=void 0),To&&((fe=m.media.videoRenditions)==null||fe.addEventListener(W,ne),f[x].videoRenditionsEvents=ne)}),z=f[x].audioTracksEvents,Bd.forEach(W=>{var q,fe;z&&fo&&((q=c.media.audioTracks)==null||q.removeEventListener(W,z),f[x].audioTracksEvents=void 0),So&&((fe=m.media.audioTracks)==null||fe.addEventListener(W,ne),f[x].audioTracksEvents=ne)}),z=f[x].remoteEvents,Wd.forEach(W=>{var q,fe;z&&go&&((q=c.media.remote)==null||q.removeEventListener(W,z),f[x].remoteEvents=void 0),ko&&((fe=m.media.remote)==null||fe.addEventListener(W,ne),f[x].remoteEvents=ne)}),z=f[x].rootEvents,$d.forEach(W=>{z&&bo&&(c.documentElement.removeEventListener(W,z),f[x].rootEvents=void 0),yo&&(m.documentElement.addEventListener(W,ne),f[x].rootEvents=ne)});let Sa=f[x].stateOwnersUpdateHandlers;if(Sa&&ds&&(Array.isArray(Sa)?Sa:[Sa]).forEach(q=>{typeof q=="function"&&q()}),Io){let W=Vd.map(q=>q(ne,m)).filter(q=>typeof q=="function");f[x].stateOwnersUpdateHandlers=W.length===1?W[0]:W}else ds&&(f[x].stateOwnersUpdateHandlers=void 0)}),Object.entries(m).forEach(([x,Li])=>{c[x]=Li}),A(),m=void 0};return _({media:t,fullscreenElement:e,documentElement:i,options:s}),{dispatch(v){let{type:w,detail:I}=v;if(r[w]&&b.mediaErrorCode==null){k(r[w](a,c,v));return}w==="mediaelementchangerequest"?_({media:I}):w==="fullscreenelementchangerequest"?_({fullscreenElement:I}):w==="documentelementchangerequest"?_({documentElement:I}):w==="optionschangerequest"&&(Object.entries(I??{}).forEach(([ee,Ii])=>{c.options[ee]=Ii}),A())},getState(){return b},subscribe(v){return _({},d.length+1),d.push(v),v(b),()=>{let w=d.indexOf(v);w>=0&&(_({},d.length-1),d.splice(w,1))}}}};var Ns=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},E=(t,e,i)=>(Ns(t,e,"read from private field"),i?i.call(t):e.get(t)),le=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Ae=(t,e,i,a)=>(Ns(t,e,"write to private field"),a?a.call(t,i):e.set(t,i),i),at=(t,e,i)=>(Ns(t,e,"access private method"),i),Qe,Bi,M,de,Wi,Ie,Ja,$i,ja,Ds,It,er,xs,Vi,tr,Os,yl,Il=["ArrowLeft","ArrowRight","ArrowUp","ArrowDown","Enter"," ","f","m","k","c","l","j",">","<","p"],bl=10,_l=.025,Al=.25,Sc=.25,kc=2,u={DEFAULT_SUBTITLES:"defaultsubtitles",DEFAULT_STREAM_TYPE:"defaultstreamtype",DEFAULT_DURATION:"defaultduration",FULLSCREEN_ELEMENT:"fullscreenelement",HOTKEYS:"hotkeys",KEYBOARD_BACKWARD_SEEK_OFFSET:"keyboardbackwardseekoffset",KEYBOARD_FORWARD_SEEK_OFFSET:"keyboardforwardseekoffset",KEYBOARD_DOWN_VOLUME_STEP:"keyboarddownvolumestep",KEYBOARD_UP_VOLUME_STEP:"keyboardupvolumestep",KEYS_USED:"keysused",LANG:"lang",LOOP:"loop",LIVE_EDGE_OFFSET:"liveedgeoffset",NO_AUTO_SEEK_TO_LIVE:"noautoseektolive",NO_DEFAULT_STORE:"nodefaultstore",NO_HOTKEYS:"nohotkeys",NO_MUTED_PREF:"nomutedpref",NO_SUBTITLES_LANG_PREF:"nosubtitleslangpref",NO_VOLUME_PREF:"novolumepref",SEEK_TO_LIVE_OFFSET:"seektoliveoffset"},Us=class extends ft{constructor(){super(),le(this,ja),le(this,er),le(this,Vi),le(this,Os),this.mediaStateReceivers=[],this.associatedElementSubscriptions=new Map,le(this,Qe,new it(this,u.HOTKEYS)),le(this,Bi,void 0),le(this,M,void 0),le(this,de,null),le(this,Wi,void 0),le(this,Ie,void 0),le(this,Ja,i=>{var a;(a=E(this,M))==null||a.dispatch(i)}),le(this,$i,void 0),le(this,It,i=>{let{key:a,shiftKey:r}=i;if(!(r&&(a==="/"||a==="?")||Il.includes(a))){this.removeEventListener("keyup",E(this,It));return}this.keyboardShortcutHandler(i)}),this.associateElement(this);let e={};Ae(this,Wi,i=>{Object.entries(i).forEach(([a,r])=>{if(a in e&&e[a]===r)return;this.propagateMediaState(a,r);let s=a.toLowerCase(),o=new l.CustomEvent(Co[s],{composed:!0,detail:r});this.dispatchEvent(o)}),e=i})}static get observedAttributes(){return super.observedAttributes.concat(u.NO_HOTKEYS,u.HOTKEYS,u.DEFAULT_STREAM_TYPE,u.DEFAULT_SUBTITLES,u.DEFAULT_DURATION,u.NO_MUTED_PREF,u.NO_VOLUME_PREF,u.LANG,u.LOOP,u.LIVE_EDGE_OFFSET,u.SEEK_TO_LIVE_OFFSET,u.NO_AUTO_SEEK_TO_LIVE)}get mediaStore(){return E(this,M)}set mediaStore(e){var i,a;if(E(this,M)&&((i=E(this,Ie))==null||i.call(this),Ae(this,Ie,void 0)),Ae(this,M,e),!E(this,M)&&!this.hasAttribute(u.NO_DEFAULT_STORE)){at(this,ja,Ds).call(this);return}Ae(this,Ie,(a=E(this,M))==null?void 0:a.subscribe(E(this,Wi)))}get fullscreenElement(){var e;return(e=E(this,Bi))!=null?e:this}set fullscreenElement(e){var i;this.hasAttribute(u.FULLSCREEN_ELEMENT)&&this.removeAttribute(u.FULLSCREEN_ELEMENT),Ae(this,Bi,e),(i=E(this,M))==null||i.dispatch({type:"fullscreenelementchangerequest",detail:this.fullscreenElement})}get defaultSubtitles(){return T(this,u.DEFAULT_SUBTITLES)}set defaultSubtitles(e){S(this,u.DEFAULT_SUBTITLES,e)}get defaultStreamType(){return D(this,u.DEFAULT_STREAM_TYPE)}set defaultStreamType(e){C(this,u.DEFAULT_STREAM_TYPE,e)}get defaultDuration(){return R(this,u.DEFAULT_DURATION)}set defaultDuration(e){U(this,u.DEFAULT_DURATION,e)}get noHotkeys(){return T(this,u.NO_HOTKEYS)}set noHotkeys(e){S(this,u.NO_HOTKEYS,e)}get keysUsed(){return D(this,u.KEYS_USED)}set keysUsed(e){C(this,u.KEYS_USED,e)}get liveEdgeOffset(){return R(this,u.LIVE_EDGE_OFFSET)}set liveEdgeOffset(e){U(this,u.LIVE_EDGE_OFFSET,e)}get noAutoSeekToLive(){return T(this,u.NO_AUTO_SEEK_TO_LIVE)}set noAutoSeekToLive(e){S(this,u.NO_AUTO_SEEK_TO_LIVE,e)}get noVolumePref(){return T(this,u.NO_VOLUME_PREF)}set noVolumePref(e){S(this,u.NO_VOLUME_PREF,e)}get noMutedPref(){return T(this,u.NO_MUTED_PREF)}set noMutedPref(e){S(this,u.NO_MUTED_PREF,e)}get noSubtitlesLangPref(){return T(this,u.NO_SUBTITLES_LANG_PREF)}set noSubtitlesLangPref(e){S(this,u.NO_SUBTITLES_LANG_PREF,e)}get noDefaultStore(){return T(this,u.NO_DEFAULT_STORE)}set noDefaultStore(e){S(this,u.NO_DEFAULT_STORE,e)}get resolvedLang(){return Ko()}attributeChangedCallback(e,i,a){var r,s,o,d,c,b,k,A,f,m,_,v;if(super.attributeChangedCallback(e,i,a),e===u.NO_HOTKEYS)a!==i&&a===""?(this.hasAttribute(u.HOTKEYS)&&console.warn("Media Chrome: Both `hotkeys` and `nohotkeys` have been set. All hotkeys will be disabled."),this.disableHotkeys()):a!==i&&a===null&&this.enableHotkeys(),at(this,Vi,tr).call(this);else if(e===u.HOTKEYS)E(this,Qe).value=a,at(this,Vi,tr).call(this);else if(e===u.DEFAULT_SUBTITLES&&a!==i)(r=E(this,M))==null||r.dispatch({type:"optionschangerequest",detail:{defaultSubtitles:this.hasAttribute(u.DEFAULT_SUBTITLES)}});else if(e===u.DEFAULT_STREAM_TYPE)(o=E(this,M))==null||o.dispatch({type:"optionschangerequest",detail:{defaultStreamType:(s=this.getAttribute(u.DEFAULT_STREAM_TYPE))!=null?s:void 0}});else if(e===u.LIVE_EDGE_OFFSET&&a!==i)(d=E(this,M))==null||d.dispatch({type:"optionschangerequest",detail:{liveEdgeOffset:this.hasAttribute(u.LIVE_EDGE_OFFSET)?+this.getAttribute(u.LIVE_EDGE_OFFSET):void 0,seekToLiveOffset:this.hasAttribute(u.SEEK_TO_LIVE_OFFSET)?+this.getAttribute(u.SEEK_TO_LIVE_OFFSET):this.hasAttribute(u.LIVE_EDGE_OFFSET)?+this.getAttribute(u.LIVE_EDGE_OFFSET):void 0}});else if(e===u.SEEK_TO_LIVE_OFFSET&&a!==i)(c=E(this,M))==null||c.dispatch({type:"optionschangerequest",detail:{seekToLiveOffset:this.hasAttribute(u.SEEK_TO_LIVE_OFFSET)?+this.getAttribute(u.SEEK_TO_LIVE_OFFSET):this.hasAttribute(u.LIVE_EDGE_OFFSET)?+this.getAttribute(u.LIVE_EDGE_OFFSET):void 0}});else if(e===u.NO_AUTO_SEEK_TO_LIVE)(b=E(this,M))==null||b.dispatch({type:"optionschangerequest",detail:{noAutoSeekToLive:this.hasAttribute(u.NO_AUTO_SEEK_TO_LIVE)}});else if(e===u.FULLSCREEN_ELEMENT){let w=a?(k=this.getRootNode())==null?void 0:k.getElementById(a):void 0;Ae(this,Bi,w),(A=E(this,M))==null||A.dispatch({type:"fullscreenelementchangerequest",detail:this.fullscreenElement})}else e===u.LANG&&a!==i?(Vo(a),(f=E(this,M))==null||f.dispatch({type:"optionschangerequest",detail:{mediaLang:a}})):e===u.LOOP&&a!==i?(m=E(this,M))==null||m.dispatch({type:h.MEDIA_LOOP_REQUEST,detail:a!=null}):e===u.NO_VOLUME_PREF&&a!==i?(_=E(this,M))==null||_.dispatch({type:"optionschangerequest",detail:{noVolumePref:this.hasAttribute(u.NO_VOLUME_PREF)}}):e===u.NO_MUTED_PREF&&a!==i&&((v=E(this,M))==null||v.dispatch({type:"optionschangerequest",detail:{noMutedPref:this.hasAttribute(u.NO_MUTED_PREF)}}))}connectedCallback(){var e,i,a;this.associateElement(this),!E(this,M)&&!this.hasAttribute(u.NO_DEFAULT_STORE)&&at(this,ja,Ds).call(this),(e=E(this,M))==null||e.dispatch({type:"documentelementchangerequest",detail:H}),(i=E(this,M))==null||i.dispatch({type:"fullscreenelementchangerequest",detail:this.fullscreenElement}),super.connectedCallback(),E(this,M)&&!E(this,Ie)&&Ae(this,Ie,(a=E(this,M))==null?void 0:a.subscribe(E(this,Wi))),E(this,$i)!==void 0&&E(this,M)&&this.media&&setTimeout(()=>{var r,s,o;(s=(r=this.media)==null?void 0:r.textTracks)!=null&&s.length&&((o=E(this,M))==null||o.dispatch({type:h.MEDIA_TOGGLE_SUBTITLES_REQUEST,detail:E(this,$i)}))},0),this.hasAttribute(u.NO_HOTKEYS)?this.disableHotkeys():this.enableHotkeys()}disconnectedCallback(){var e,i,a,r,s,o;if((e=super.disconnectedCallback)==null||e.call(this),this.disableHotkeys(),E(this,M)){let d=E(this,M).getState();Ae(this,$i,!!((i=d.mediaSubtitlesShowing)!=null&&i.length)),(a=E(this,M))==null||a.dispatch({type:"fullscreenelementchangerequest",detail:void 0}),(r=E(this,M))==null||r.dispatch({type:"documentelementchangerequest",detail:void 0}),(s=E(this,M))==null||s.dispatch({type:h.MEDIA_TOGGLE_SUBTITLES_REQUEST,detail:!1})}E(this,Ie)&&((o=E(this,Ie))==null||o.call(this),Ae(this,Ie,void 0)),this.unassociateElement(this),E(this,de)&&(E(this,de).remove(),Ae(this,de,null))}mediaSetCallback(e){var i;super.mediaSetCallback(e),(i=E(this,M))==null||i.dispatch({type:"mediaelementchangerequest",detail:e}),e.hasAttribute("tabindex")||(e.tabIndex=-1)}mediaUnsetCallback(e){var i;super.mediaUnsetCallback(e),(i=E(this,M))==null||i.dispatch({type:"mediaelementchangerequest",detail:void 0})}propagateMediaState(e,i){kl(this.mediaStateReceivers,e,i)}associateElement(e){if(!e)return;let{associatedElementSubscriptions:i}=this;if(i.has(e))return;let a=this.registerMediaStateReceiver.bind(this),r=this.unregisterMediaStateReceiver.bind(this),s=Rc(e,a,r);Object.values(h).forEach(o=>{e.addEventListener(o,E(this,Ja))}),i.set(e,s)}unassociateElement(e){if(!e)return;let{associatedElementSubscriptions:i}=this;if(!i.has(e))return;i.get(e)(),i.delete(e),Object.values(h).forEach(r=>{e.removeEventListener(r,E(this,Ja))})}registerMediaStateReceiver(e){if(!e)return;let i=this.mediaStateReceivers;i.indexOf(e)>-1||(i.push(e),E(this,M)&&Object.entries(E(this,M).getState()).forEach(([r,s])=>{kl([e],r,s)}))}unregisterMediaStateReceiver(e){let i=this.mediaStateReceivers,a=i.indexOf(e);a<0||i.splice(a,1)}enableHotkeys(){this.addEventListener("keydown",at(this,er,xs))}disableHotkeys(){this.removeEventListener("keydown",at(this,er,xs)),this.removeEventListener("keyup",E(this,It))}get hotkeys(){return E(this,Qe)}set hotkeys(e){C(this,u.HOTKEYS,e)}keyboardShortcutHandler(e){var i,a,r,s,o,d,c,b,k;let A=e.target;if(((r=(a=(i=A.getAttribute(u.KEYS_USED))==null?void 0:i.split(" "))!=null?a:A==null?void 0:A.keysUsed)!=null?r:[]).map(I=>I==="Space"?" ":I).filter(Boolean).includes(e.key))return;let m,_,v;if(!(E(this,Qe).contains($a(e.key))||e.shiftKey&&(e.key==="/"||e.key==="?")&&E(this,Qe).contains("noshift+/")))switch(e.key){case" ":case"k":m=E(this,M).getState().mediaPaused?h.MEDIA_PLAY_REQUEST:h.MEDIA_PAUSE_REQUEST,this.dispatchEvent(new l.CustomEvent(m,{composed:!0,bubbles:!0}));break;case"m":m=this.mediaStore.getState().mediaVolumeLevel==="off"?h.MEDIA_UNMUTE_REQUEST:h.MEDIA_MUTE_REQUEST,this.dispatchEvent(new l.CustomEvent(m,{composed:!0,bubbles:!0}));break;case"f":m=this.mediaStore.getState().mediaIsFullscreen?h.MEDIA_EXIT_FULLSCREEN_REQUEST:h.MEDIA_ENTER_FULLSCREEN_REQUEST,this.dispatchEvent(new l.CustomEvent(m,{composed:!0,bubbles:!0}));break;case"c":this.dispatchEvent(new l.CustomEvent(h.MEDIA_TOGGLE_SUBTITLES_REQUEST,{composed:!0,bubbles:!0}));break;case"ArrowLeft":case"j":{let I=this.hasAttribute(u.KEYBOARD_BACKWARD_SEEK_OFFSET)?+this.getAttribute(u.KEYBOARD_BACKWARD_SEEK_OFFSET):bl;_=Math.max(((s=this.mediaStore.getState().mediaCurrentTime)!=null?s:0)-I,0),v=new l.CustomEvent(h.MEDIA_SEEK_REQUEST,{composed:!0,bubbles:!0,detail:_}),this.dispatchEvent(v);break}case"ArrowRight":case"l":{let I=this.hasAttribute(u.KEYBOARD_FORWARD_SEEK_OFFSET)?+this.getAttribute(u.KEYBOARD_FORWARD_SEEK_OFFSET):bl;_=Math.max(((o=this.mediaStore.getState().mediaCurrentTime)!=null?o:0)+I,0),v=new l.CustomEvent(h.MEDIA_SEEK_REQUEST,{composed:!0,bubbles:!0,detail:_}),this.dispatchEvent(v);break}case"ArrowUp":{let I=this.hasAttribute(u.KEYBOARD_UP_VOLUME_STEP)?+this.getAttribute(u.KEYBOARD_UP_VOLUME_STEP):_l;_=Math.min(((d=this.mediaStore.getState().mediaVolume)!=null?d:1)+I,1),v=new l.CustomEvent(h.MEDIA_VOLUME_REQUEST,{composed:!0,bubbles:!0,detail:_}),this.dispatchEvent(v);break}case"ArrowDown":{let I=this.hasAttribute(u.KEYBOARD_DOWN_VOLUME_STEP)?+this.getAttribute(u.KEYBOARD_DOWN_VOLUME_STEP):_l;_=Math.max(((c=this.mediaStore.getState().mediaVolume)!=null?c:1)-I,0),v=new l.CustomEvent(h.MEDIA_VOLUME_REQUEST,{composed:!0,bubbles:!0,detail:_}),this.dispatchEvent(v);break}case"<":{let I=(b=this.mediaStore.getState().mediaPlaybackRate)!=null?b:1;_=Math.max(I-Al,Sc).toFixed(2),v=new l.CustomEvent(h.MEDIA_PLAYBACK_RATE_REQUEST,{composed:!0,bubbles:!0,detail:_}),this.dispatchEvent(v);break}case">":{let I=(k=this.mediaStore.getState().mediaPlaybackRate)!=null?k:1;_=Math.min(I+Al,kc).toFixed(2),v=new l.CustomEvent(h.MEDIA_PLAYBACK_RATE_REQUEST,{composed:!0,bubbles:!0,detail:_}),this.dispatchEvent(v);break}case"/":case"?":{e.shiftKey&&at(this,Os,yl).call(this);break}case"p":{m=this.mediaStore.getState().mediaIsPip?h.MEDIA_EXIT_PIP_REQUEST:h.MEDIA_ENTER_PIP_REQUEST,v=new l.CustomEvent(m,{composed:!0,bubbles:!0}),this.dispatchEvent(v);break}default:break}}};Qe=new WeakMap;Bi=new WeakMap;M=new WeakMap;de=new WeakMap;Wi=new WeakMap;Ie=new WeakMap;Ja=new WeakMap;$i=new WeakMap;ja=new WeakSet;Ds=function(){var t;this.mediaStore=gl({media:this.media,fullscreenElement:this.fullscreenElement,options:{defaultSubtitles:this.hasAttribute(u.DEFAULT_SUBTITLES),defaultDuration:this.hasAttribute(u.DEFAULT_DURATION)?+this.getAttribute(u.DEFAULT_DURATION):void 0,defaultStreamType:(t=this.getAttribute(u.DEFAULT_STREAM_TYPE))!=null?t:void 0,liveEdgeOffset:this.hasAttribute(u.LIVE_EDGE_OFFSET)?+this.getAttribute(u.LIVE_EDGE_OFFSET):void 0,seekToLiveOffset:this.hasAttribute(u.SEEK_TO_LIVE_OFFSET)?+this.getAttribute(u.SEEK_TO_LIVE_OFFSET):this.hasAttribute(u.LIVE_EDGE_OFFSET)?+this.getAttribute(u.LIVE_EDGE_OFFSET):void 0,noAutoSeekToLive:this.hasAttribute(u.NO_AUTO_SEEK_TO_LIVE),noVolumePref:this.hasAttribute(u.NO_VOLUME_PREF),noMutedPref:this.hasAttribute(u.NO_MUTED_PREF),noSubtitlesLangPref:this.hasAttribute(u.NO_SUBTITLES_LANG_PREF)}})};It=new WeakMap;er=new WeakSet;xs=function(t){var e;let{metaKey:i,altKey:a,key:r,shiftKey:s}=t,o=s&&(r==="/"||r==="?");if(o&&((e=E(this,de))!=null&&e.open)){this.removeEventListener("keyup",E(this,It));return}if(i||a||!o&&!Il.includes(r)){this.removeEventListener("keyup",E(this,It));return}let d=t.target,c=d instanceof HTMLElement&&(d.tagName.toLowerCase()==="media-volume-range"||d.tagName.toLowerCase()==="media-time-range");[" ","ArrowLeft","ArrowRight","ArrowUp","ArrowDown"].includes(r)&&!E(this,Qe).contains($a(r))&&!c&&t.preventDefault(),this.addEventListener("keyup",E(this,It),{once:!0})};Vi=new WeakSet;tr=function(){E(this,de)&&(E(this,de).hotkeys=E(this,Qe).value||void 0,(this.noHotkeys||E(this,Qe).contains("noshift+/"))&&(E(this,de).open=!1))};Os=new WeakSet;yl=function(){E(this,de)||(Ae(this,de,H.createElement("media-keyboard-shortcuts-dialog")),at(this,Vi,tr).call(this),this.appendChild(E(this,de))),E(this,de).open=!0};var yc=Object.values(n),Ic=Object.values(us),wl=t=>{var e,i,a,r;let{observedAttributes:s}=t.constructor;!s&&((e=t.nodeName)!=null&&e.includes("-"))&&(l.customElements.upgrade(t),{observedAttributes:s}=t.constructor);let o=(r=(a=(i=t==null?void 0:t.getAttribute)==null?void 0:i.call(t,y.MEDIA_CHROME_ATTRIBUTES))==null?void 0:a.split)==null?void 0:r.call(a,/\s+/);return Array.isArray(s||o)?(s||o).filter(d=>yc.includes(d)):[]},wc=t=>{var e,i;return(e=t.nodeName)!=null&&e.includes("-")&&l.customElements.get((i=t.nodeName)==null?void 0:i.toLowerCase())&&!(t instanceof l.customElements.get(t.nodeName.toLowerCase()))&&l.customElements.upgrade(t),Ic.some(a=>a in t)},Ps=t=>wc(t)||!!wl(t).length,Tl=t=>{var e;return(e=t==null?void 0:t.join)==null?void 0:e.call(t,":")},Sl={[n.MEDIA_SUBTITLES_LIST]:Ye,[n.MEDIA_SUBTITLES_SHOWING]:Ye,[n.MEDIA_SEEKABLE]:Tl,[n.MEDIA_BUFFERED]:t=>t==null?void 0:t.map(Tl).join(" "),[n.MEDIA_PREVIEW_COORDS]:t=>t==null?void 0:t.join(" "),[n.MEDIA_RENDITION_LIST]:il,[n.MEDIA_AUDIO_TRACK_LIST]:al},Mc=async(t,e,i)=>{var a,r;if(t.isConnected||await Ga(0),typeof i=="boolean"||i==null)return S(t,e,i);if(typeof i=="number")return U(t,e,i);if(typeof i=="string")return C(t,e,i);if(Array.isArray(i)&&!i.length)return t.removeAttribute(e);let s=(r=(a=Sl[e])==null?void 0:a.call(Sl,i))!=null?r:i;return t.setAttribute(e,s)},Lc=t=>{var e;return!!((e=t.closest)!=null&&e.call(t,'*[slot="media"]'))},yt=(t,e)=>{if(Lc(t))return;let i=(r,s)=>{var o,d;Ps(r)&&s(r);let{children:c=[]}=r??{},b=(d=(o=r==null?void 0:r.shadowRoot)==null?void 0:o.children)!=null?d:[];[...c,...b].forEach(A=>yt(A,s))},a=t==null?void 0:t.nodeName.toLowerCase();if(a.includes("-")&&!Ps(t)){l.customElements.whenDefined(a).then(()=>{i(t,e)});return}i(t,e)},kl=(t,e,i)=>{t.forEach(a=>{if(e in a){a[e]=i;return}let r=wl(a),s=e.toLowerCase();r.includes(s)&&Mc(a,s,i)})},Rc=(t,e,i)=>{yt(t,e);let a=k=>{var A;let f=(A=k==null?void 0:k.composedPath()[0])!=null?A:k.target;e(f)},r=k=>{var A;let f=(A=k==null?void 0:k.composedPath()[0])!=null?A:k.target;i(f)};t.addEventListener(h.REGISTER_MEDIA_STATE_RECEIVER,a),t.addEventListener(h.UNREGISTER_MEDIA_STATE_RECEIVER,r);let s=k=>{k.forEach(A=>{let{addedNodes:f=[],removedNodes:m=[],type:_,target:v,attributeName:w}=A;_==="childList"?(Array.prototype.forEach.call(f,I=>yt(I,e)),Array.prototype.forEach.call(m,I=>yt(I,i))):_==="attributes"&&w===y.MEDIA_CHROME_ATTRIBUTES&&(Ps(v)?e(v):i(v))})},o=[],d=k=>{let A=k.target;A.name!=="media"&&(o.forEach(f=>yt(f,i)),o=[...A.assignedElements({flatten:!0})],o.forEach(f=>yt(f,e)))};t.addEventListener("slotchange",d);let c=new MutationObserver(s);return c.observe(t,{childList:!0,attributes:!0,subtree:!0}),()=>{yt(t,i),t.removeEventListener("slotchange",d),c.disconnect(),t.removeEventListener(h.REGISTER_MEDIA_STATE_RECEIVER,a),t.removeEventListener(h.UNREGISTER_MEDIA_STATE_RECEIVER,r)}};l.customElements.get("media-controller")||l.customElements.define("media-controller",Us);var Ml=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},ir=(t,e,i)=>(Ml(t,e,"read from private field"),i?i.call(t):e.get(t)),Cc=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},ar=(t,e,i,a)=>(Ml(t,e,"write to private field"),a?a.call(t,i):e.set(t,i),i),we;function Dc(t){return`
    <style>
      :host {
        
        box-sizing: border-box;
        display: var(--media-control-display, var(--media-control-bar-display, inline-flex));
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        --media-loading-indicator-icon-height: 44px;
      }

      ::slotted(media-time-range),
      ::slotted(media-volume-range) {
        min-height: 100%;
      }

      ::slotted(media-time-range),
      ::slotted(media-clip-selector) {
        flex-grow: 1;
      }

      ::slotted([role="menu"]) {
        position: absolute;
      }
    </style>

    <slot></slot>
  `}var Ki=class extends l.HTMLElement{constructor(){if(super(),Cc(this,we,void 0),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=V(this.attributes);$(this.shadowRoot,this.constructor.getTemplateHTML(e))}}static get observedAttributes(){return[y.MEDIA_CONTROLLER]}attributeChangedCallback(e,i,a){var r,s,o,d,c;e===y.MEDIA_CONTROLLER&&(i&&((s=(r=ir(this,we))==null?void 0:r.unassociateElement)==null||s.call(r,this),ar(this,we,null)),a&&this.isConnected&&(ar(this,we,(o=this.getRootNode())==null?void 0:o.getElementById(a)),(c=(d=ir(this,we))==null?void 0:d.associateElement)==null||c.call(d,this)))}connectedCallback(){var e,i,a;let r=this.getAttribute(y.MEDIA_CONTROLLER);r&&(ar(this,we,(e=this.getRootNode())==null?void 0:e.getElementById(r)),(a=(i=ir(this,we))==null?void 0:i.associateElement)==null||a.call(i,this))}disconnectedCallback(){var e,i;(i=(e=ir(this,we))==null?void 0:e.unassociateElement)==null||i.call(e,this),ar(this,we,null)}};we=new WeakMap;Ki.shadowRootOptions={mode:"open"};Ki.getTemplateHTML=Dc;l.customElements.get("media-control-bar")||l.customElements.define("media-control-bar",Ki);var ti={PLACEMENT:"placement",BOUNDS:"bounds"};function xc(t){return`
    <style>
      :host {
        --_tooltip-background-color: var(--media-tooltip-background-color, var(--media-secondary-color, rgba(20, 20, 30, .7)));
        --_tooltip-background: var(--media-tooltip-background, var(--_tooltip-background-color));
        --_tooltip-arrow-half-width: calc(var(--media-tooltip-arrow-width, 12px) / 2);
        --_tooltip-arrow-height: var(--media-tooltip-arrow-height, 5px);
        --_tooltip-arrow-background: var(--media-tooltip-arrow-color, var(--_tooltip-background-color));
        position: relative;
        pointer-events: none;
        display: var(--media-tooltip-display, inline-flex);
        justify-content: center;
        align-items: center;
        box-sizing: border-box;
        z-index: var(--media-tooltip-z-index, 1);
        background: var(--_tooltip-background);
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        font: var(--media-font,
          var(--media-font-weight, 400)
          var(--media-font-size, 13px) /
          var(--media-text-content-height, var(--media-control-height, 18px))
          var(--media-font-family, helvetica neue, segoe ui, roboto, arial, sans-serif));
        padding: var(--media-tooltip-padding, .35em .7em);
        border: var(--media-tooltip-border, none);
        border-radius: var(--media-tooltip-border-radius, 5px);
        filter: var(--media-tooltip-filter, drop-shadow(0 0 4px rgba(0, 0, 0, .2)));
        white-space: var(--media-tooltip-white-space, nowrap);
      }

      :host([hidden]) {
        display: none;
      }

      img, svg {
        display: inline-block;
      }

      #arrow {
        position: absolute;
        width: 0px;
        height: 0px;
        border-style: solid;
        display: var(--media-tooltip-arrow-display, block);
      }

      :host(:not([placement])),
      :host([placement="top"]) {
        position: absolute;
        bottom: calc(100% + var(--media-tooltip-distance, 12px));
        left: 50%;
        transform: translate(calc(-50% - var(--media-tooltip-offset-x, 0px)), 0);
      }
      :host(:not([placement])) #arrow,
      :host([placement="top"]) #arrow {
        top: 100%;
        left: 50%;
        border-width: var(--_tooltip-arrow-height) var(--_tooltip-arrow-half-width) 0 var(--_tooltip-arrow-half-width);
        border-color: var(--_tooltip-arrow-background) transparent transparent transparent;
        transform: translate(calc(-50% + var(--media-tooltip-offset-x, 0px)), 0);
      }

      :host([placement="right"]) {
        position: absolute;
        left: calc(100% + var(--media-tooltip-distance, 12px));
        top: 50%;
        transform: translate(0, -50%);
      }
      :host([placement="right"]) #arrow {
        top: 50%;
        right: 100%;
        border-width: var(--_tooltip-arrow-half-width) var(--_tooltip-arrow-height) var(--_tooltip-arrow-half-width) 0;
        border-color: transparent var(--_tooltip-arrow-background) transparent transparent;
        transform: translate(0, -50%);
      }

      :host([placement="bottom"]) {
        position: absolute;
        top: calc(100% + var(--media-tooltip-distance, 12px));
        left: 50%;
        transform: translate(calc(-50% - var(--media-tooltip-offset-x, 0px)), 0);
      }
      :host([placement="bottom"]) #arrow {
        bottom: 100%;
        left: 50%;
        border-width: 0 var(--_tooltip-arrow-half-width) var(--_tooltip-arrow-height) var(--_tooltip-arrow-half-width);
        border-color: transparent transparent var(--_tooltip-arrow-background) transparent;
        transform: translate(calc(-50% + var(--media-tooltip-offset-x, 0px)), 0);
      }

      :host([placement="left"]) {
        position: absolute;
        right: calc(100% + var(--media-tooltip-distance, 12px));
        top: 50%;
        transform: translate(0, -50%);
      }
      :host([placement="left"]) #arrow {
        top: 50%;
        left: 100%;
        border-width: var(--_tooltip-arrow-half-width) 0 var(--_tooltip-arrow-half-width) var(--_tooltip-arrow-height);
        border-color: transparent transparent transparent var(--_tooltip-arrow-background);
        transform: translate(0, -50%);
      }
      
      :host([placement="none"]) #arrow {
        display: none;
      }
    </style>
    <slot></slot>
    <div id="arrow"></div>
  `}var ii=class extends l.HTMLElement{constructor(){if(super(),this.updateXOffset=()=>{var e;if(!Da(this,{checkOpacity:!1,checkVisibilityCSS:!1}))return;let i=this.placement;if(i==="left"||i==="right"){this.style.removeProperty("--media-tooltip-offset-x");return}let a=getComputedStyle(this),r=(e=ye(this,"#"+this.bounds))!=null?e:ue(this);if(!r)return;let{x:s,width:o}=r.getBoundingClientRect(),{x:d,width:c}=this.getBoundingClientRect(),b=d+c,k=s+o,A=a.getPropertyValue("--media-tooltip-offset-x"),f=A?parseFloat(A.replace("px","")):0,m=a.getPropertyValue("--media-tooltip-container-margin"),_=m?parseFloat(m.replace("px","")):0,v=d-s+f-_,w=b-k+f+_;if(v<0){this.style.setProperty("--media-tooltip-offset-x",`${v}px`);return}if(w>0){this.style.setProperty("--media-tooltip-offset-x",`${w}px`);return}this.style.removeProperty("--media-tooltip-offset-x")},!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=V(this.attributes);$(this.shadowRoot,this.constructor.getTemplateHTML(e))}if(this.arrowEl=this.shadowRoot.querySelector("#arrow"),Object.prototype.hasOwnProperty.call(this,"placement")){let e=this.placement;delete this.placement,this.placement=e}}static get observedAttributes(){return[ti.PLACEMENT,ti.BOUNDS]}get placement(){return D(this,ti.PLACEMENT)}set placement(e){C(this,ti.PLACEMENT,e)}get bounds(){return D(this,ti.BOUNDS)}set bounds(e){C(this,ti.BOUNDS,e)}};ii.shadowRootOptions={mode:"open"};ii.getTemplateHTML=xc;l.customElements.get("media-tooltip")||l.customElements.define("media-tooltip",ii);var Hs=ii;var Ws=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Y=(t,e,i)=>(Ws(t,e,"read from private field"),i?i.call(t):e.get(t)),wt=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},rr=(t,e,i,a)=>(Ws(t,e,"write to private field"),a?a.call(t,i):e.set(t,i),i),Ll=(t,e,i)=>(Ws(t,e,"access private method"),i),Me,ri,Fs,Rl,st,ai,sr,Bs,Cl,rt={TOOLTIP_PLACEMENT:"tooltipplacement",DISABLED:"disabled",NO_TOOLTIP:"notooltip"};function Oc(t,e={}){return`
    <style>
      :host {
        position: relative;
        font: var(--media-font,
          var(--media-font-weight, bold)
          var(--media-font-size, 14px) /
          var(--media-text-content-height, var(--media-control-height, 24px))
          var(--media-font-family, helvetica neue, segoe ui, roboto, arial, sans-serif));
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        background: var(--media-control-background, var(--media-secondary-color, rgb(20 20 30 / .7)));
        padding: var(--media-button-padding, var(--media-control-padding, 10px));
        justify-content: var(--media-button-justify-content, center);
        display: inline-flex;
        align-items: center;
        vertical-align: middle;
        box-sizing: border-box;
        transition: background .15s linear;
        pointer-events: auto;
        cursor: var(--media-cursor, pointer);
        -webkit-tap-highlight-color: transparent;
      }

      
      :host(:focus-visible) {
        box-shadow: var(--media-focus-box-shadow, inset 0 0 0 2px rgb(27 127 204 / .9));
        outline: 0;
      }
      
      :host(:where(:focus)) {
        box-shadow: none;
        outline: 0;
      }

      :host(:hover) {
        background: var(--media-control-hover-background, rgba(50 50 70 / .7));
      }

      slot[name="icon"] {
        display: inline-flex;
        align-items: center;
      }

      svg, img, ::slotted(svg), ::slotted(img) {
        width: var(--media-button-icon-width);
        height: var(--media-button-icon-height, var(--media-control-height, 24px));
        transform: var(--media-button-icon-transform);
        transition: var(--media-button-icon-transition);
        fill: var(--media-icon-color, var(--media-primary-color, rgb(238 238 238)));
        vertical-align: middle;
        max-width: 100%;
        max-height: 100%;
        min-width: 100%;
      }

      media-tooltip {
        
        max-width: 0;
        overflow-x: clip;
        opacity: 0;
        transition: opacity .3s, max-width 0s 9s;
      }

      :host(:hover) media-tooltip,
      :host(:focus-visible) media-tooltip {
        max-width: 100vw;
        opacity: 1;
        transition: opacity .3s;
      }

      :host([notooltip]) slot[name="tooltip"] {
        display: none;
      }
    </style>

    ${this.getSlotTemplateHTML(t,e)}

    <slot name="tooltip">
      <media-tooltip part="tooltip" aria-hidden="true">
        <template shadowrootmode="${Hs.shadowRootOptions.mode}">
          ${Hs.getTemplateHTML({})}
        </template>
        <slot name="tooltip-content">
          ${this.getTooltipContentHTML(t)}
        </slot>
      </media-tooltip>
    </slot>
  `}function Uc(t,e){return`
    <slot></slot>
  `}function Pc(){return""}var F=class extends l.HTMLElement{constructor(){if(super(),wt(this,Fs),wt(this,Bs),wt(this,Me,void 0),this.preventClick=!1,this.tooltipEl=null,wt(this,ri,e=>{this.preventClick||this.handleClick(e),setTimeout(Y(this,st),0)}),wt(this,st,()=>{var e,i;(i=(e=this.tooltipEl)==null?void 0:e.updateXOffset)==null||i.call(e)}),wt(this,ai,e=>{let{key:i}=e;if(!this.keysUsed.includes(i)){this.removeEventListener("keyup",Y(this,ai));return}this.preventClick||this.handleClick(e)}),wt(this,sr,e=>{let{metaKey:i,altKey:a,key:r}=e;if(i||a||!this.keysUsed.includes(r)){this.removeEventListener("keyup",Y(this,ai));return}this.addEventListener("keyup",Y(this,ai),{once:!0})}),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=V(this.attributes),i=this.constructor.getTemplateHTML(e);$(this.shadowRoot,i)}this.tooltipEl=this.shadowRoot.querySelector("media-tooltip")}static get observedAttributes(){return["disabled",rt.TOOLTIP_PLACEMENT,y.MEDIA_CONTROLLER,n.MEDIA_LANG]}enable(){this.addEventListener("click",Y(this,ri)),this.addEventListener("keydown",Y(this,sr)),this.tabIndex=0}disable(){this.removeEventListener("click",Y(this,ri)),this.removeEventListener("keydown",Y(this,sr)),this.removeEventListener("keyup",Y(this,ai)),this.tabIndex=-1}attributeChangedCallback(e,i,a){var r,s,o,d,c;e===y.MEDIA_CONTROLLER?(i&&((s=(r=Y(this,Me))==null?void 0:r.unassociateElement)==null||s.call(r,this),rr(this,Me,null)),a&&this.isConnected&&(rr(this,Me,(o=this.getRootNode())==null?void 0:o.getElementById(a)),(c=(d=Y(this,Me))==null?void 0:d.associateElement)==null||c.call(d,this))):e==="disabled"&&a!==i?a==null?this.enable():this.disable():e===rt.TOOLTIP_PLACEMENT&&this.tooltipEl&&a!==i?this.tooltipEl.placement=a:e===n.MEDIA_LANG&&(this.shadowRoot.querySelector('slot[name="tooltip-content"]').innerHTML=this.constructor.getTooltipContentHTML()),Ll(this,Fs,Rl).call(this)&&Y(this,st).call(this)}connectedCallback(){var e,i,a;let{style:r}=O(this.shadowRoot,":host");r.setProperty("display",`var(--media-control-display, var(--${this.localName}-display, inline-flex))`),this.hasAttribute("disabled")?this.disable():this.enable(),this.setAttribute("role","button");let s=this.getAttribute(y.MEDIA_CONTROLLER);s&&(rr(this,Me,(e=this.getRootNode())==null?void 0:e.getElementById(s)),(a=(i=Y(this,Me))==null?void 0:i.associateElement)==null||a.call(i,this)),l.customElements.whenDefined("media-tooltip").then(()=>Ll(this,Bs,Cl).call(this))}disconnectedCallback(){var e,i;this.disable(),(i=(e=Y(this,Me))==null?void 0:e.unassociateElement)==null||i.call(e,this),rr(this,Me,null),this.removeEventListener("mouseenter",Y(this,st)),this.removeEventListener("focus",Y(this,st)),this.removeEventListener("click",Y(this,ri))}get keysUsed(){return["Enter"," "]}get tooltipPlacement(){return D(this,rt.TOOLTIP_PLACEMENT)}set tooltipPlacement(e){C(this,rt.TOOLTIP_PLACEMENT,e)}get mediaController(){return D(this,y.MEDIA_CONTROLLER)}set mediaController(e){C(this,y.MEDIA_CONTROLLER,e)}get disabled(){return T(this,rt.DISABLED)}set disabled(e){S(this,rt.DISABLED,e)}get noTooltip(){return T(this,rt.NO_TOOLTIP)}set noTooltip(e){S(this,rt.NO_TOOLTIP,e)}handleClick(e){}};Me=new WeakMap;ri=new WeakMap;Fs=new WeakSet;Rl=function(){try{return this.matches(":hover, :focus-visible")}catch{return this.matches(":hover, :focus")}};st=new WeakMap;ai=new WeakMap;sr=new WeakMap;Bs=new WeakSet;Cl=function(){this.addEventListener("mouseenter",Y(this,st)),this.addEventListener("focus",Y(this,st)),this.addEventListener("click",Y(this,ri));let t=this.tooltipPlacement;t&&this.tooltipEl&&(this.tooltipEl.placement=t)};F.shadowRootOptions={mode:"open"};F.getTemplateHTML=Oc;F.getSlotTemplateHTML=Uc;F.getTooltipContentHTML=Pc;l.customElements.get("media-chrome-button")||l.customElements.define("media-chrome-button",F);var Nc=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M22.83 5.68a2.58 2.58 0 0 0-2.3-2.5c-3.62-.24-11.44-.24-15.06 0a2.58 2.58 0 0 0-2.3 2.5c-.23 4.21-.23 8.43 0 12.64a2.58 2.58 0 0 0 2.3 2.5c3.62.24 11.44.24 15.06 0a2.58 2.58 0 0 0 2.3-2.5c.23-4.21.23-8.43 0-12.64Zm-11.39 9.45a3.07 3.07 0 0 1-1.91.57 3.06 3.06 0 0 1-2.34-1 3.75 3.75 0 0 1-.92-2.67 3.92 3.92 0 0 1 .92-2.77 3.18 3.18 0 0 1 2.43-1 2.94 2.94 0 0 1 2.13.78c.364.359.62.813.74 1.31l-1.43.35a1.49 1.49 0 0 0-1.51-1.17 1.61 1.61 0 0 0-1.29.58 2.79 2.79 0 0 0-.5 1.89 3 3 0 0 0 .49 1.93 1.61 1.61 0 0 0 1.27.58 1.48 1.48 0 0 0 1-.37 2.1 2.1 0 0 0 .59-1.14l1.4.44a3.23 3.23 0 0 1-1.07 1.69Zm7.22 0a3.07 3.07 0 0 1-1.91.57 3.06 3.06 0 0 1-2.34-1 3.75 3.75 0 0 1-.92-2.67 3.88 3.88 0 0 1 .93-2.77 3.14 3.14 0 0 1 2.42-1 3 3 0 0 1 2.16.82 2.8 2.8 0 0 1 .73 1.31l-1.43.35a1.49 1.49 0 0 0-1.51-1.21 1.61 1.61 0 0 0-1.29.58A2.79 2.79 0 0 0 15 12a3 3 0 0 0 .49 1.93 1.61 1.61 0 0 0 1.27.58 1.44 1.44 0 0 0 1-.37 2.1 2.1 0 0 0 .6-1.15l1.4.44a3.17 3.17 0 0 1-1.1 1.7Z"/>
</svg>`,Hc=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M17.73 14.09a1.4 1.4 0 0 1-1 .37 1.579 1.579 0 0 1-1.27-.58A3 3 0 0 1 15 12a2.8 2.8 0 0 1 .5-1.85 1.63 1.63 0 0 1 1.29-.57 1.47 1.47 0 0 1 1.51 1.2l1.43-.34A2.89 2.89 0 0 0 19 9.07a3 3 0 0 0-2.14-.78 3.14 3.14 0 0 0-2.42 1 3.91 3.91 0 0 0-.93 2.78 3.74 3.74 0 0 0 .92 2.66 3.07 3.07 0 0 0 2.34 1 3.07 3.07 0 0 0 1.91-.57 3.17 3.17 0 0 0 1.07-1.74l-1.4-.45c-.083.43-.3.822-.62 1.12Zm-7.22 0a1.43 1.43 0 0 1-1 .37 1.58 1.58 0 0 1-1.27-.58A3 3 0 0 1 7.76 12a2.8 2.8 0 0 1 .5-1.85 1.63 1.63 0 0 1 1.29-.57 1.47 1.47 0 0 1 1.51 1.2l1.43-.34a2.81 2.81 0 0 0-.74-1.32 2.94 2.94 0 0 0-2.13-.78 3.18 3.18 0 0 0-2.43 1 4 4 0 0 0-.92 2.78 3.74 3.74 0 0 0 .92 2.66 3.07 3.07 0 0 0 2.34 1 3.07 3.07 0 0 0 1.91-.57 3.23 3.23 0 0 0 1.07-1.74l-1.4-.45a2.06 2.06 0 0 1-.6 1.07Zm12.32-8.41a2.59 2.59 0 0 0-2.3-2.51C18.72 3.05 15.86 3 13 3c-2.86 0-5.72.05-7.53.17a2.59 2.59 0 0 0-2.3 2.51c-.23 4.207-.23 8.423 0 12.63a2.57 2.57 0 0 0 2.3 2.5c1.81.13 4.67.19 7.53.19 2.86 0 5.72-.06 7.53-.19a2.57 2.57 0 0 0 2.3-2.5c.23-4.207.23-8.423 0-12.63Zm-1.49 12.53a1.11 1.11 0 0 1-.91 1.11c-1.67.11-4.45.18-7.43.18-2.98 0-5.76-.07-7.43-.18a1.11 1.11 0 0 1-.91-1.11c-.21-4.14-.21-8.29 0-12.43a1.11 1.11 0 0 1 .91-1.11C7.24 4.56 10 4.49 13 4.49s5.76.07 7.43.18a1.11 1.11 0 0 1 .91 1.11c.21 4.14.21 8.29 0 12.43Z"/>
</svg>`;function Fc(t){return`
    <style>
      :host([aria-checked="true"]) slot[name=off] {
        display: none !important;
      }

      
      :host(:not([aria-checked="true"])) slot[name=on] {
        display: none !important;
      }

      :host([aria-checked="true"]) slot[name=tooltip-enable],
      :host(:not([aria-checked="true"])) slot[name=tooltip-disable] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="on">${Nc}</slot>
      <slot name="off">${Hc}</slot>
    </slot>
  `}function Bc(){return`
    <slot name="tooltip-enable">${p("Enable captions")}</slot>
    <slot name="tooltip-disable">${p("Disable captions")}</slot>
  `}var Dl=t=>{t.setAttribute("aria-checked",Ya(t).toString())},Gi=class extends F{static get observedAttributes(){return[...super.observedAttributes,n.MEDIA_SUBTITLES_LIST,n.MEDIA_SUBTITLES_SHOWING]}connectedCallback(){super.connectedCallback(),this.setAttribute("role","button"),this.setAttribute("aria-label",p("closed captions")),Dl(this)}attributeChangedCallback(e,i,a){super.attributeChangedCallback(e,i,a),e===n.MEDIA_SUBTITLES_SHOWING&&Dl(this)}get mediaSubtitlesList(){return xl(this,n.MEDIA_SUBTITLES_LIST)}set mediaSubtitlesList(e){Ol(this,n.MEDIA_SUBTITLES_LIST,e)}get mediaSubtitlesShowing(){return xl(this,n.MEDIA_SUBTITLES_SHOWING)}set mediaSubtitlesShowing(e){Ol(this,n.MEDIA_SUBTITLES_SHOWING,e)}handleClick(){this.dispatchEvent(new l.CustomEvent(h.MEDIA_TOGGLE_SUBTITLES_REQUEST,{composed:!0,bubbles:!0}))}};Gi.getSlotTemplateHTML=Fc;Gi.getTooltipContentHTML=Bc;var xl=(t,e)=>{let i=t.getAttribute(e);return i?Tt(i):[]},Ol=(t,e,i)=>{if(!(i!=null&&i.length)){t.removeAttribute(e);return}let a=Ye(i);t.getAttribute(e)!==a&&t.setAttribute(e,a)};l.customElements.get("media-captions-button")||l.customElements.define("media-captions-button",Gi);var Pl=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Wc=(t,e,i)=>(Pl(t,e,"read from private field"),i?i.call(t):e.get(t)),$c=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Vc=(t,e,i,a)=>(Pl(t,e,"write to private field"),a?a.call(t,i):e.set(t,i),i),nr,Kc=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M16 3v2.5h3.5V9H22V3h-6ZM4 9h2.5V5.5H10V3H4v6Zm15.5 9.5H16V21h6v-6h-2.5v3.5ZM6.5 15H4v6h6v-2.5H6.5V15Z"/>
</svg>`,Gc=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M18.5 6.5V3H16v6h6V6.5h-3.5ZM16 21h2.5v-3.5H22V15h-6v6ZM4 17.5h3.5V21H10v-6H4v2.5Zm3.5-11H4V9h6V3H7.5v3.5Z"/>
</svg>`;function qc(t){return`
    <style>
      :host([${n.MEDIA_IS_FULLSCREEN}]) slot[name=icon] slot:not([name=exit]) {
        display: none !important;
      }

      
      :host(:not([${n.MEDIA_IS_FULLSCREEN}])) slot[name=icon] slot:not([name=enter]) {
        display: none !important;
      }

      :host([${n.MEDIA_IS_FULLSCREEN}]) slot[name=tooltip-enter],
      :host(:not([${n.MEDIA_IS_FULLSCREEN}])) slot[name=tooltip-exit] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="enter">${Kc}</slot>
      <slot name="exit">${Gc}</slot>
    </slot>
  `}function Yc(){return`
    <slot name="tooltip-enter">${p("Enter fullscreen mode")}</slot>
    <slot name="tooltip-exit">${p("Exit fullscreen mode")}</slot>
  `}var Ul=t=>{let e=t.mediaIsFullscreen?p("exit fullscreen mode"):p("enter fullscreen mode");t.setAttribute("aria-label",e)},qi=class extends F{constructor(){super(...arguments),$c(this,nr,null)}static get observedAttributes(){return[...super.observedAttributes,n.MEDIA_IS_FULLSCREEN,n.MEDIA_FULLSCREEN_UNAVAILABLE]}connectedCallback(){super.connectedCallback(),Ul(this)}attributeChangedCallback(e,i,a){super.attributeChangedCallback(e,i,a),e===n.MEDIA_IS_FULLSCREEN&&Ul(this)}get mediaFullscreenUnavailable(){return D(this,n.MEDIA_FULLSCREEN_UNAVAILABLE)}set mediaFullscreenUnavailable(e){C(this,n.MEDIA_FULLSCREEN_UNAVAILABLE,e)}get mediaIsFullscreen(){return T(this,n.MEDIA_IS_FULLSCREEN)}set mediaIsFullscreen(e){S(this,n.MEDIA_IS_FULLSCREEN,e)}handleClick(e){Vc(this,nr,e);let i=Wc(this,nr)instanceof PointerEvent,a=this.mediaIsFullscreen?new l.CustomEvent(h.MEDIA_EXIT_FULLSCREEN_REQUEST,{composed:!0,bubbles:!0}):new l.CustomEvent(h.MEDIA_ENTER_FULLSCREEN_REQUEST,{composed:!0,bubbles:!0,detail:i});this.dispatchEvent(a)}};nr=new WeakMap;qi.getSlotTemplateHTML=qc;qi.getTooltipContentHTML=Yc;l.customElements.get("media-fullscreen-button")||l.customElements.define("media-fullscreen-button",qi);var Hl=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Yi=(t,e,i)=>(Hl(t,e,"read from private field"),i?i.call(t):e.get(t)),Nl=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Qi=(t,e,i,a)=>(Hl(t,e,"write to private field"),a?a.call(t,i):e.set(t,i),i),Le,lr,or={LOADING_DELAY:"loadingdelay",NO_AUTOHIDE:"noautohide"},Fl=500,Qc=`
<svg aria-hidden="true" viewBox="0 0 100 100">
  <path d="M73,50c0-12.7-10.3-23-23-23S27,37.3,27,50 M30.9,50c0-10.5,8.5-19.1,19.1-19.1S69.1,39.5,69.1,50">
    <animateTransform
       attributeName="transform"
       attributeType="XML"
       type="rotate"
       dur="1s"
       from="0 50 50"
       to="360 50 50"
       repeatCount="indefinite" />
  </path>
</svg>
`;function zc(t){return`
    <style>
      :host {
        display: var(--media-control-display, var(--media-loading-indicator-display, inline-block));
        vertical-align: middle;
        box-sizing: border-box;
        --_loading-indicator-delay: var(--media-loading-indicator-transition-delay, ${Fl}ms);
      }

      #status {
        color: rgba(0,0,0,0);
        width: 0px;
        height: 0px;
      }

      :host slot[name=icon] > *,
      :host ::slotted([slot=icon]) {
        opacity: var(--media-loading-indicator-opacity, 0);
        transition: opacity 0.15s;
      }

      :host([${n.MEDIA_LOADING}]:not([${n.MEDIA_PAUSED}])) slot[name=icon] > *,
      :host([${n.MEDIA_LOADING}]:not([${n.MEDIA_PAUSED}])) ::slotted([slot=icon]) {
        opacity: var(--media-loading-indicator-opacity, 1);
        transition: opacity 0.15s var(--_loading-indicator-delay);
      }

      :host #status {
        visibility: var(--media-loading-indicator-opacity, hidden);
        transition: visibility 0.15s;
      }

      :host([${n.MEDIA_LOADING}]:not([${n.MEDIA_PAUSED}])) #status {
        visibility: var(--media-loading-indicator-opacity, visible);
        transition: visibility 0.15s var(--_loading-indicator-delay);
      }

      svg, img, ::slotted(svg), ::slotted(img) {
        width: var(--media-loading-indicator-icon-width);
        height: var(--media-loading-indicator-icon-height, 100px);
        fill: var(--media-icon-color, var(--media-primary-color, rgb(238 238 238)));
        vertical-align: middle;
      }
    </style>

    <slot name="icon">${Qc}</slot>
    <div id="status" role="status" aria-live="polite">${p("media loading")}</div>
  `}var zi=class extends l.HTMLElement{constructor(){if(super(),Nl(this,Le,void 0),Nl(this,lr,Fl),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=V(this.attributes);$(this.shadowRoot,this.constructor.getTemplateHTML(e))}}static get observedAttributes(){return[y.MEDIA_CONTROLLER,n.MEDIA_PAUSED,n.MEDIA_LOADING,or.LOADING_DELAY]}attributeChangedCallback(e,i,a){var r,s,o,d,c;e===or.LOADING_DELAY&&i!==a?this.loadingDelay=Number(a):e===y.MEDIA_CONTROLLER&&(i&&((s=(r=Yi(this,Le))==null?void 0:r.unassociateElement)==null||s.call(r,this),Qi(this,Le,null)),a&&this.isConnected&&(Qi(this,Le,(o=this.getRootNode())==null?void 0:o.getElementById(a)),(c=(d=Yi(this,Le))==null?void 0:d.associateElement)==null||c.call(d,this)))}connectedCallback(){var e,i,a;let r=this.getAttribute(y.MEDIA_CONTROLLER);r&&(Qi(this,Le,(e=this.getRootNode())==null?void 0:e.getElementById(r)),(a=(i=Yi(this,Le))==null?void 0:i.associateElement)==null||a.call(i,this))}disconnectedCallback(){var e,i;(i=(e=Yi(this,Le))==null?void 0:e.unassociateElement)==null||i.call(e,this),Qi(this,Le,null)}get loadingDelay(){return Yi(this,lr)}set loadingDelay(e){Qi(this,lr,e);let{style:i}=O(this.shadowRoot,":host");i.setProperty("--_loading-indicator-delay",`var(--media-loading-indicator-transition-delay, ${e}ms)`)}get mediaPaused(){return T(this,n.MEDIA_PAUSED)}set mediaPaused(e){S(this,n.MEDIA_PAUSED,e)}get mediaLoading(){return T(this,n.MEDIA_LOADING)}set mediaLoading(e){S(this,n.MEDIA_LOADING,e)}get mediaController(){return D(this,y.MEDIA_CONTROLLER)}set mediaController(e){C(this,y.MEDIA_CONTROLLER,e)}get noAutohide(){return T(this,or.NO_AUTOHIDE)}set noAutohide(e){S(this,or.NO_AUTOHIDE,e)}};Le=new WeakMap;lr=new WeakMap;zi.shadowRootOptions={mode:"open"};zi.getTemplateHTML=zc;l.customElements.get("media-loading-indicator")||l.customElements.define("media-loading-indicator",zi);var Zc=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="M16.5 12A4.5 4.5 0 0 0 14 8v2.18l2.45 2.45a4.22 4.22 0 0 0 .05-.63Zm2.5 0a6.84 6.84 0 0 1-.54 2.64L20 16.15A8.8 8.8 0 0 0 21 12a9 9 0 0 0-7-8.77v2.06A7 7 0 0 1 19 12ZM4.27 3 3 4.27 7.73 9H3v6h4l5 5v-6.73l4.25 4.25A6.92 6.92 0 0 1 14 18.7v2.06A9 9 0 0 0 17.69 19l2 2.05L21 19.73l-9-9L4.27 3ZM12 4 9.91 6.09 12 8.18V4Z"/>
</svg>`,Bl=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="M3 9v6h4l5 5V4L7 9H3Zm13.5 3A4.5 4.5 0 0 0 14 8v8a4.47 4.47 0 0 0 2.5-4Z"/>
</svg>`,Xc=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="M3 9v6h4l5 5V4L7 9H3Zm13.5 3A4.5 4.5 0 0 0 14 8v8a4.47 4.47 0 0 0 2.5-4ZM14 3.23v2.06a7 7 0 0 1 0 13.42v2.06a9 9 0 0 0 0-17.54Z"/>
</svg>`;function Jc(t){return`
    <style>
      :host(:not([${n.MEDIA_VOLUME_LEVEL}])) slot[name=icon] slot:not([name=high]),
      :host([${n.MEDIA_VOLUME_LEVEL}=high]) slot[name=icon] slot:not([name=high]) {
        display: none !important;
      }

      :host([${n.MEDIA_VOLUME_LEVEL}=off]) slot[name=icon] slot:not([name=off]) {
        display: none !important;
      }

      :host([${n.MEDIA_VOLUME_LEVEL}=low]) slot[name=icon] slot:not([name=low]) {
        display: none !important;
      }

      :host([${n.MEDIA_VOLUME_LEVEL}=medium]) slot[name=icon] slot:not([name=medium]) {
        display: none !important;
      }

      :host(:not([${n.MEDIA_VOLUME_LEVEL}=off])) slot[name=tooltip-unmute],
      :host([${n.MEDIA_VOLUME_LEVEL}=off]) slot[name=tooltip-mute] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="off">${Zc}</slot>
      <slot name="low">${Bl}</slot>
      <slot name="medium">${Bl}</slot>
      <slot name="high">${Xc}</slot>
    </slot>
  `}function jc(){return`
    <slot name="tooltip-mute">${p("Mute")}</slot>
    <slot name="tooltip-unmute">${p("Unmute")}</slot>
  `}var Wl=t=>{let i=t.mediaVolumeLevel==="off"?p("unmute"):p("mute");t.setAttribute("aria-label",i)},Zi=class extends F{static get observedAttributes(){return[...super.observedAttributes,n.MEDIA_VOLUME_LEVEL]}connectedCallback(){super.connectedCallback(),Wl(this)}attributeChangedCallback(e,i,a){super.attributeChangedCallback(e,i,a),e===n.MEDIA_VOLUME_LEVEL&&Wl(this)}get mediaVolumeLevel(){return D(this,n.MEDIA_VOLUME_LEVEL)}set mediaVolumeLevel(e){C(this,n.MEDIA_VOLUME_LEVEL,e)}handleClick(){let e=this.mediaVolumeLevel==="off"?h.MEDIA_UNMUTE_REQUEST:h.MEDIA_MUTE_REQUEST;this.dispatchEvent(new l.CustomEvent(e,{composed:!0,bubbles:!0}))}};Zi.getSlotTemplateHTML=Jc;Zi.getTooltipContentHTML=jc;l.customElements.get("media-mute-button")||l.customElements.define("media-mute-button",Zi);var $l=`<svg aria-hidden="true" viewBox="0 0 28 24">
  <path d="M24 3H4a1 1 0 0 0-1 1v16a1 1 0 0 0 1 1h20a1 1 0 0 0 1-1V4a1 1 0 0 0-1-1Zm-1 16H5V5h18v14Zm-3-8h-7v5h7v-5Z"/>
</svg>`;function eu(t){return`
    <style>
      :host([${n.MEDIA_IS_PIP}]) slot[name=icon] slot:not([name=exit]) {
        display: none !important;
      }

      :host(:not([${n.MEDIA_IS_PIP}])) slot[name=icon] slot:not([name=enter]) {
        display: none !important;
      }

      :host([${n.MEDIA_IS_PIP}]) slot[name=tooltip-enter],
      :host(:not([${n.MEDIA_IS_PIP}])) slot[name=tooltip-exit] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="enter">${$l}</slot>
      <slot name="exit">${$l}</slot>
    </slot>
  `}function tu(){return`
    <slot name="tooltip-enter">${p("Enter picture in picture mode")}</slot>
    <slot name="tooltip-exit">${p("Exit picture in picture mode")}</slot>
  `}var Vl=t=>{let e=t.mediaIsPip?p("exit picture in picture mode"):p("enter picture in picture mode");t.setAttribute("aria-label",e)},Xi=class extends F{static get observedAttributes(){return[...super.observedAttributes,n.MEDIA_IS_PIP,n.MEDIA_PIP_UNAVAILABLE]}connectedCallback(){super.connectedCallback(),Vl(this)}attributeChangedCallback(e,i,a){super.attributeChangedCallback(e,i,a),e===n.MEDIA_IS_PIP&&Vl(this)}get mediaPipUnavailable(){return D(this,n.MEDIA_PIP_UNAVAILABLE)}set mediaPipUnavailable(e){C(this,n.MEDIA_PIP_UNAVAILABLE,e)}get mediaIsPip(){return T(this,n.MEDIA_IS_PIP)}set mediaIsPip(e){S(this,n.MEDIA_IS_PIP,e)}handleClick(){let e=this.mediaIsPip?h.MEDIA_EXIT_PIP_REQUEST:h.MEDIA_ENTER_PIP_REQUEST;this.dispatchEvent(new l.CustomEvent(e,{composed:!0,bubbles:!0}))}};Xi.getSlotTemplateHTML=eu;Xi.getTooltipContentHTML=tu;l.customElements.get("media-pip-button")||l.customElements.define("media-pip-button",Xi);var iu=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="m6 21 15-9L6 3v18Z"/>
</svg>`,au=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="M6 20h4V4H6v16Zm8-16v16h4V4h-4Z"/>
</svg>`;function ru(t){return`
    <style>
      :host([${n.MEDIA_PAUSED}]) slot[name=pause],
      :host(:not([${n.MEDIA_PAUSED}])) slot[name=play] {
        display: none !important;
      }

      :host([${n.MEDIA_PAUSED}]) slot[name=tooltip-pause],
      :host(:not([${n.MEDIA_PAUSED}])) slot[name=tooltip-play] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="play">${iu}</slot>
      <slot name="pause">${au}</slot>
    </slot>
  `}function su(){return`
    <slot name="tooltip-play">${p("Play")}</slot>
    <slot name="tooltip-pause">${p("Pause")}</slot>
  `}var Kl=t=>{let e=t.mediaPaused?p("play"):p("pause");t.setAttribute("aria-label",e)},Ji=class extends F{static get observedAttributes(){return[...super.observedAttributes,n.MEDIA_PAUSED,n.MEDIA_ENDED]}connectedCallback(){super.connectedCallback(),Kl(this)}attributeChangedCallback(e,i,a){super.attributeChangedCallback(e,i,a),(e===n.MEDIA_PAUSED||e===n.MEDIA_LANG)&&Kl(this)}get mediaPaused(){return T(this,n.MEDIA_PAUSED)}set mediaPaused(e){S(this,n.MEDIA_PAUSED,e)}handleClick(){let e=this.mediaPaused?h.MEDIA_PLAY_REQUEST:h.MEDIA_PAUSE_REQUEST;this.dispatchEvent(new l.CustomEvent(e,{composed:!0,bubbles:!0}))}};Ji.getSlotTemplateHTML=ru;Ji.getTooltipContentHTML=su;l.customElements.get("media-play-button")||l.customElements.define("media-play-button",Ji);var si={SEEK_OFFSET:"seekoffset"},$s=30,nu=t=>`
  <svg aria-hidden="true" viewBox="0 0 20 24">
    <defs>
      <style>.text{font-size:8px;font-family:Arial-BoldMT, Arial;font-weight:700;}</style>
    </defs>
    <text class="text value" transform="translate(2.18 19.87)">${t}</text>
    <path d="M10 6V3L4.37 7 10 10.94V8a5.54 5.54 0 0 1 1.9 10.48v2.12A7.5 7.5 0 0 0 10 6Z"/>
  </svg>`;function ou(t,e){return`
    <slot name="icon">${nu(e.seekOffset)}</slot>
  `}var lu=(t,e)=>{t.setAttribute("aria-label",p("seek back {seekOffset} seconds",{seekOffset:e}))};function du(){return p("Seek backward")}var cu=0,ji=class extends F{static get observedAttributes(){return[...super.observedAttributes,n.MEDIA_CURRENT_TIME,si.SEEK_OFFSET]}connectedCallback(){super.connectedCallback(),this.seekOffset=R(this,si.SEEK_OFFSET,$s)}attributeChangedCallback(e,i,a){super.attributeChangedCallback(e,i,a),lu(this,this.seekOffset),e===si.SEEK_OFFSET&&(this.seekOffset=R(this,si.SEEK_OFFSET,$s))}get seekOffset(){return R(this,si.SEEK_OFFSET,$s)}set seekOffset(e){U(this,si.SEEK_OFFSET,e),this.setAttribute("aria-label",p("seek back {seekOffset} seconds",{seekOffset:this.seekOffset})),Ra(Ca(this,"icon"),this.seekOffset)}get mediaCurrentTime(){return R(this,n.MEDIA_CURRENT_TIME,cu)}set mediaCurrentTime(e){U(this,n.MEDIA_CURRENT_TIME,e)}handleClick(){let e=Math.max(this.mediaCurrentTime-this.seekOffset,0),i=new l.CustomEvent(h.MEDIA_SEEK_REQUEST,{composed:!0,bubbles:!0,detail:e});this.dispatchEvent(i)}};ji.getSlotTemplateHTML=ou;ji.getTooltipContentHTML=du;l.customElements.get("media-seek-backward-button")||l.customElements.define("media-seek-backward-button",ji);var ni={SEEK_OFFSET:"seekoffset"},Vs=30,uu=t=>`
  <svg aria-hidden="true" viewBox="0 0 20 24">
    <defs>
      <style>.text{font-size:8px;font-family:Arial-BoldMT, Arial;font-weight:700;}</style>
    </defs>
    <text class="text value" transform="translate(8.9 19.87)">${t}</text>
    <path d="M10 6V3l5.61 4L10 10.94V8a5.54 5.54 0 0 0-1.9 10.48v2.12A7.5 7.5 0 0 1 10 6Z"/>
  </svg>`;function hu(t,e){return`
    <slot name="icon">${uu(e.seekOffset)}</slot>
  `}var mu=(t,e)=>{t.setAttribute("aria-label",p("seek forward {seekOffset} seconds",{seekOffset:e}))};function pu(){return p("Seek forward")}var Eu=0,ea=class extends F{static get observedAttributes(){return[...super.observedAttributes,n.MEDIA_CURRENT_TIME,ni.SEEK_OFFSET]}connectedCallback(){super.connectedCallback(),this.seekOffset=R(this,ni.SEEK_OFFSET,Vs)}attributeChangedCallback(e,i,a){super.attributeChangedCallback(e,i,a),mu(this,this.seekOffset),e===ni.SEEK_OFFSET&&(this.seekOffset=R(this,ni.SEEK_OFFSET,Vs))}get seekOffset(){return R(this,ni.SEEK_OFFSET,Vs)}set seekOffset(e){U(this,ni.SEEK_OFFSET,e),this.setAttribute("aria-label",p("seek forward {seekOffset} seconds",{seekOffset:this.seekOffset})),Ra(Ca(this,"icon"),this.seekOffset)}get mediaCurrentTime(){return R(this,n.MEDIA_CURRENT_TIME,Eu)}set mediaCurrentTime(e){U(this,n.MEDIA_CURRENT_TIME,e)}handleClick(){let e=this.mediaCurrentTime+this.seekOffset,i=new l.CustomEvent(h.MEDIA_SEEK_REQUEST,{composed:!0,bubbles:!0,detail:e});this.dispatchEvent(i)}};ea.getSlotTemplateHTML=hu;ea.getTooltipContentHTML=pu;l.customElements.get("media-seek-forward-button")||l.customElements.define("media-seek-forward-button",ea);var Gl=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},dr=(t,e,i)=>(Gl(t,e,"read from private field"),i?i.call(t):e.get(t)),vu=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},cr=(t,e,i,a)=>(Gl(t,e,"write to private field"),a?a.call(t,i):e.set(t,i),i),Re;function fu(t,e={}){return`
    <style>
      :host {
        font: var(--media-font,
          var(--media-font-weight, normal)
          var(--media-font-size, 14px) /
          var(--media-text-content-height, var(--media-control-height, 24px))
          var(--media-font-family, helvetica neue, segoe ui, roboto, arial, sans-serif));
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        background: var(--media-text-background, var(--media-control-background, var(--media-secondary-color, rgb(20 20 30 / .7))));
        padding: var(--media-control-padding, 10px);
        display: inline-flex;
        justify-content: center;
        align-items: center;
        vertical-align: middle;
        box-sizing: border-box;
        text-align: center;
        pointer-events: auto;
      }

      
      :host(:focus-visible) {
        box-shadow: var(--media-focus-box-shadow, inset 0 0 0 2px rgb(27 127 204 / .9));
        outline: 0;
      }

      
      :host(:where(:focus)) {
        box-shadow: none;
        outline: 0;
      }
    </style>

    ${this.getSlotTemplateHTML(t,e)}
  `}function gu(t,e){return`
    <slot></slot>
  `}var he=class extends l.HTMLElement{constructor(){if(super(),vu(this,Re,void 0),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=V(this.attributes);$(this.shadowRoot,this.constructor.getTemplateHTML(e))}}static get observedAttributes(){return[y.MEDIA_CONTROLLER]}attributeChangedCallback(e,i,a){var r,s,o,d,c;e===y.MEDIA_CONTROLLER&&(i&&((s=(r=dr(this,Re))==null?void 0:r.unassociateElement)==null||s.call(r,this),cr(this,Re,null)),a&&this.isConnected&&(cr(this,Re,(o=this.getRootNode())==null?void 0:o.getElementById(a)),(c=(d=dr(this,Re))==null?void 0:d.associateElement)==null||c.call(d,this)))}connectedCallback(){var e,i,a;let{style:r}=O(this.shadowRoot,":host");r.setProperty("display",`var(--media-control-display, var(--${this.localName}-display, inline-flex))`);let s=this.getAttribute(y.MEDIA_CONTROLLER);s&&(cr(this,Re,(e=this.getRootNode())==null?void 0:e.getElementById(s)),(a=(i=dr(this,Re))==null?void 0:i.associateElement)==null||a.call(i,this))}disconnectedCallback(){var e,i;(i=(e=dr(this,Re))==null?void 0:e.unassociateElement)==null||i.call(e,this),cr(this,Re,null)}};Re=new WeakMap;he.shadowRootOptions={mode:"open"};he.getTemplateHTML=fu;he.getSlotTemplateHTML=gu;l.customElements.get("media-text-display")||l.customElements.define("media-text-display",he);var ql=[{singular:"hour",plural:"hours"},{singular:"minute",plural:"minutes"},{singular:"second",plural:"seconds"}],Yl=(t,e)=>{let i=t===1?p(ql[e].singular):p(ql[e].plural);return`${t} ${i}`},Mt=t=>{if(!Jt(t))return"";let e=Math.abs(t),i=e!==t,a=new Date(0,0,0,0,0,e,0),s=[a.getHours(),a.getMinutes(),a.getSeconds()].map((o,d)=>o&&Yl(o,d)).filter(o=>o).join(", ");return i?p("{time} remaining",{time:s}):e===0?Yl(0,2):s};function Lt(t,e){let i=!1;t<0&&(i=!0,t=0-t),t=t<0?0:t;let a=Math.floor(t%60),r=Math.floor(t/60%60),s=Math.floor(t/3600),o=Math.floor(e/60%60),d=Math.floor(e/3600);return(isNaN(t)||t===1/0)&&(s=r=a="0"),s=s>0||d>0?s+":":"",r=((s||o>=10)&&r<10?"0"+r:r)+":",a=a<10?"0"+a:a,(i?"-":"")+s+r+a}var cE=Object.freeze({length:0,start(t){let e=t>>>0;if(e>=this.length)throw new DOMException(`Failed to execute 'start' on 'TimeRanges': The index provided (${e}) is greater than or equal to the maximum bound (${this.length}).`);return 0},end(t){let e=t>>>0;if(e>=this.length)throw new DOMException(`Failed to execute 'end' on 'TimeRanges': The index provided (${e}) is greater than or equal to the maximum bound (${this.length}).`);return 0}});var qs=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Te=(t,e,i)=>(qs(t,e,"read from private field"),i?i.call(t):e.get(t)),Rt=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Ys=(t,e,i,a)=>(qs(t,e,"write to private field"),a?a.call(t,i):e.set(t,i),i),ot=(t,e,i)=>(qs(t,e,"access private method"),i),oi,Ce,Er,Qs,zl,mr,zs,ta,ur,hr,Ks,nt={REMAINING:"remaining",SHOW_DURATION:"showduration",NO_TOGGLE:"notoggle"},Ql=[...Object.values(nt),n.MEDIA_CURRENT_TIME,n.MEDIA_DURATION,n.MEDIA_SEEKABLE],Zl=["Enter"," "],bu="&nbsp;/&nbsp;",Gs=(t,{timesSep:e=bu}={})=>{var i,a;let r=(i=t.mediaCurrentTime)!=null?i:0,[,s]=(a=t.mediaSeekable)!=null?a:[],o=0;Number.isFinite(t.mediaDuration)?o=t.mediaDuration:Number.isFinite(s)&&(o=s);let d=t.remaining?Lt(0-(o-r)):Lt(r);return t.showDuration?`${d}${e}${Lt(o)}`:d},_u=t=>{var e;let i=t.mediaCurrentTime,[,a]=(e=t.mediaSeekable)!=null?e:[],r=null;if(Number.isFinite(t.mediaDuration)?r=t.mediaDuration:Number.isFinite(a)&&(r=a),i==null||r===null){t.setAttribute("aria-description",p("video not loaded, unknown time."));return}let s=t.remaining?Mt(0-(r-i)):Mt(i);if(!t.showDuration){t.setAttribute("aria-description",s);return}let o=Mt(r),d=p("{currentTime} of {totalTime}",{currentTime:s,totalTime:o});t.setAttribute("aria-description",d)};function Au(t,e){return`
    <slot>${Gs(e)}</slot>
  `}var Tu=t=>{t.setAttribute("aria-label",p("playback time"))},pr=class extends he{constructor(){super(),Rt(this,Qs),Rt(this,mr),Rt(this,ta),Rt(this,hr),Rt(this,oi,void 0),Rt(this,Ce,null),Rt(this,Er,e=>{let{metaKey:i,altKey:a,key:r}=e;if(i||a||!Zl.includes(r)){this.removeEventListener("keyup",Te(this,Ce));return}this.addEventListener("keyup",Te(this,Ce))}),Ys(this,oi,this.shadowRoot.querySelector("slot")),Te(this,oi).innerHTML=`${Gs(this)}`}static get observedAttributes(){return[...super.observedAttributes,...Ql,"disabled"]}connectedCallback(){let{style:e}=O(this.shadowRoot,":host(:hover:not([notoggle]))");e.setProperty("cursor","var(--media-cursor, pointer)"),e.setProperty("background","var(--media-control-hover-background, rgba(50 50 70 / .7))"),this.setAttribute("aria-label",p("playback time")),ot(this,ta,ur).call(this),super.connectedCallback()}toggleTimeDisplay(){this.noToggle||(this.hasAttribute("remaining")?this.removeAttribute("remaining"):this.setAttribute("remaining",""))}disconnectedCallback(){this.disable(),ot(this,mr,zs).call(this),super.disconnectedCallback()}attributeChangedCallback(e,i,a){Tu(this),Ql.includes(e)?this.update():e==="disabled"&&a!==i?a==null?ot(this,ta,ur).call(this):ot(this,hr,Ks).call(this):e===nt.NO_TOGGLE&&a!==i&&(this.noToggle?ot(this,hr,Ks).call(this):ot(this,ta,ur).call(this)),super.attributeChangedCallback(e,i,a)}enable(){this.noToggle||(this.tabIndex=0)}disable(){this.tabIndex=-1}get remaining(){return T(this,nt.REMAINING)}set remaining(e){S(this,nt.REMAINING,e)}get showDuration(){return T(this,nt.SHOW_DURATION)}set showDuration(e){S(this,nt.SHOW_DURATION,e)}get noToggle(){return T(this,nt.NO_TOGGLE)}set noToggle(e){S(this,nt.NO_TOGGLE,e)}get mediaDuration(){return R(this,n.MEDIA_DURATION)}set mediaDuration(e){U(this,n.MEDIA_DURATION,e)}get mediaCurrentTime(){return R(this,n.MEDIA_CURRENT_TIME)}set mediaCurrentTime(e){U(this,n.MEDIA_CURRENT_TIME,e)}get mediaSeekable(){let e=this.getAttribute(n.MEDIA_SEEKABLE);if(e)return e.split(":").map(i=>+i)}set mediaSeekable(e){if(e==null){this.removeAttribute(n.MEDIA_SEEKABLE);return}this.setAttribute(n.MEDIA_SEEKABLE,e.join(":"))}update(){let e=Gs(this);_u(this),e!==Te(this,oi).innerHTML&&(Te(this,oi).innerHTML=e)}};oi=new WeakMap;Ce=new WeakMap;Er=new WeakMap;Qs=new WeakSet;zl=function(){Te(this,Ce)||(Ys(this,Ce,t=>{let{key:e}=t;if(!Zl.includes(e)){this.removeEventListener("keyup",Te(this,Ce));return}this.toggleTimeDisplay()}),this.addEventListener("keydown",Te(this,Er)),this.addEventListener("click",this.toggleTimeDisplay))};mr=new WeakSet;zs=function(){Te(this,Ce)&&(this.removeEventListener("keyup",Te(this,Ce)),this.removeEventListener("keydown",Te(this,Er)),this.removeEventListener("click",this.toggleTimeDisplay),Ys(this,Ce,null))};ta=new WeakSet;ur=function(){!this.noToggle&&!this.hasAttribute("disabled")&&(this.setAttribute("role","button"),this.enable(),ot(this,Qs,zl).call(this))};hr=new WeakSet;Ks=function(){this.removeAttribute("role"),this.disable(),ot(this,mr,zs).call(this)};pr.getSlotTemplateHTML=Au;l.customElements.get("media-time-display")||l.customElements.define("media-time-display",pr);var an=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},K=(t,e,i)=>(an(t,e,"read from private field"),i?i.call(t):e.get(t)),j=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},lt=(t,e,i,a)=>(an(t,e,"write to private field"),a?a.call(t,i):e.set(t,i),i),Se=(t,e,i)=>(an(t,e,"access private method"),i),De,yr,vr,fr,ke,Sr,gr,br,_r,rn,Xl,Ar,Zs,Tr,Xs,kr,sn,Js,Jl,js,jl,en,ed,tn,td;function Su(t){return`
    <style>
      :host {
        --_focus-box-shadow: var(--media-focus-box-shadow, inset 0 0 0 2px rgb(27 127 204 / .9));
        --_media-range-padding: var(--media-range-padding, var(--media-control-padding, 10px));

        box-shadow: var(--_focus-visible-box-shadow, none);
        background: var(--media-control-background, var(--media-secondary-color, rgb(20 20 30 / .7)));
        height: calc(var(--media-control-height, 24px) + 2 * var(--_media-range-padding));
        display: inline-flex;
        align-items: center;
        
        vertical-align: middle;
        box-sizing: border-box;
        position: relative;
        width: 100px;
        transition: background .15s linear;
        cursor: var(--media-cursor, pointer);
        pointer-events: auto;
        touch-action: none; 
      }

      
      input[type=range]:focus {
        outline: 0;
      }
      input[type=range]:focus::-webkit-slider-runnable-track {
        outline: 0;
      }

      :host(:hover) {
        background: var(--media-control-hover-background, rgb(50 50 70 / .7));
      }

      #leftgap {
        padding-left: var(--media-range-padding-left, var(--_media-range-padding));
      }

      #rightgap {
        padding-right: var(--media-range-padding-right, var(--_media-range-padding));
      }

      #startpoint,
      #endpoint {
        position: absolute;
      }

      #endpoint {
        right: 0;
      }

      #container {
        
        width: var(--media-range-track-width, 100%);
        transform: translate(var(--media-range-track-translate-x, 0px), var(--media-range-track-translate-y, 0px));
        position: relative;
        height: 100%;
        display: flex;
        align-items: center;
        min-width: 40px;
      }

      #range {
        
        display: var(--media-time-range-hover-display, block);
        bottom: var(--media-time-range-hover-bottom, 0);
        height: var(--media-time-range-hover-height, max(100% , 25px));
        width: 100%;
        position: absolute;
        cursor: var(--media-cursor, pointer);

        -webkit-appearance: none; 
        -webkit-tap-highlight-color: transparent;
        background: transparent; 
        margin: 0;
        z-index: 1;
      }

      @media (hover: hover) {
        #range {
          bottom: var(--media-time-range-hover-bottom, 0);
          height: var(--media-time-range-hover-height, max(100%, 20px));
        }
      }

      
      
      #range::-webkit-slider-thumb {
        -webkit-appearance: none;
        background: transparent;
        width: .1px;
        height: .1px;
      }

      
      #range::-moz-range-thumb {
        background: transparent;
        border: transparent;
        width: .1px;
        height: .1px;
      }

      #appearance {
        height: var(--media-range-track-height, 4px);
        display: flex;
        flex-direction: column;
        justify-content: center;
        width: 100%;
        position: absolute;
        
        will-change: transform;
      }

      #track {
        background: var(--media-range-track-background, rgb(255 255 255 / .2));
        border-radius: var(--media-range-track-border-radius, 1px);
        border: var(--media-range-track-border, none);
        outline: var(--media-range-track-outline);
        outline-offset: var(--media-range-track-outline-offset);
        backdrop-filter: var(--media-range-track-backdrop-filter);
        -webkit-backdrop-filter: var(--media-range-track-backdrop-filter);
        box-shadow: var(--media-range-track-box-shadow, none);
        position: absolute;
        width: 100%;
        height: 100%;
        overflow: hidden;
      }

      #progress,
      #pointer {
        position: absolute;
        height: 100%;
        will-change: width;
      }

      #progress {
        background: var(--media-range-bar-color, var(--media-primary-color, rgb(238 238 238)));
        transition: var(--media-range-track-transition);
      }

      #pointer {
        background: var(--media-range-track-pointer-background);
        border-right: var(--media-range-track-pointer-border-right);
        transition: visibility .25s, opacity .25s;
        visibility: hidden;
        opacity: 0;
      }

      @media (hover: hover) {
        :host(:hover) #pointer {
          transition: visibility .5s, opacity .5s;
          visibility: visible;
          opacity: 1;
        }
      }

      #thumb,
      ::slotted([slot=thumb]) {
        width: var(--media-range-thumb-width, 10px);
        height: var(--media-range-thumb-height, 10px);
        transition: var(--media-range-thumb-transition);
        transform: var(--media-range-thumb-transform, none);
        opacity: var(--media-range-thumb-opacity, 1);
        translate: -50%;
        position: absolute;
        left: 0;
        cursor: var(--media-cursor, pointer);
      }

      #thumb {
        border-radius: var(--media-range-thumb-border-radius, 10px);
        background: var(--media-range-thumb-background, var(--media-primary-color, rgb(238 238 238)));
        box-shadow: var(--media-range-thumb-box-shadow, 1px 1px 1px transparent);
        border: var(--media-range-thumb-border, none);
      }

      :host([disabled]) #thumb {
        background-color: #777;
      }

      .segments #appearance {
        height: var(--media-range-segment-hover-height, 7px);
      }

      #track {
        clip-path: url(#segments-clipping);
      }

      #segments {
        --segments-gap: var(--media-range-segments-gap, 2px);
        position: absolute;
        width: 100%;
        height: 100%;
      }

      #segments-clipping {
        transform: translateX(calc(var(--segments-gap) / 2));
      }

      #segments-clipping:empty {
        display: none;
      }

      #segments-clipping rect {
        height: var(--media-range-track-height, 4px);
        y: calc((var(--media-range-segment-hover-height, 7px) - var(--media-range-track-height, 4px)) / 2);
        transition: var(--media-range-segment-transition, transform .1s ease-in-out);
        transform: var(--media-range-segment-transform, scaleY(1));
        transform-origin: center;
      }

      /* Visible label for accessibility - positioned off-screen but technically visible (Firefox requires visible labels) */
      #range-label {
        position: absolute;
        left: -10000px;
        background: var(--media-control-background, var(--media-secondary-color, rgb(20 20 30 / .7)));
        pointer-events: none;
      }
    </style>
    <div id="leftgap"></div>
    <div id="container">
      <div id="startpoint"></div>
      <div id="endpoint"></div>
      <div id="appearance">
        <div id="track" part="track">
          <div id="pointer"></div>
          <div id="progress" part="progress"></div>
        </div>
        <slot name="thumb">
          <div id="thumb" part="thumb"></div>
        </slot>
        <svg id="segments" aria-hidden="true"><clipPath id="segments-clipping"></clipPath></svg>
      </div>
        <input id="range" type="range" min="0" max="1" step="any" value="0">
        <label for="range" id="range-label"></label>

      ${this.getContainerTemplateHTML(t)}
    </div>
    <div id="rightgap"></div>
  `}function ku(t){return""}var xe=class extends l.HTMLElement{constructor(){if(super(),j(this,rn),j(this,Ar),j(this,Tr),j(this,kr),j(this,Js),j(this,js),j(this,en),j(this,tn),j(this,De,void 0),j(this,yr,void 0),j(this,vr,void 0),j(this,fr,void 0),j(this,ke,{}),j(this,Sr,[]),j(this,gr,()=>{if(this.range.matches(":focus-visible")){let{style:e}=O(this.shadowRoot,":host");e.setProperty("--_focus-visible-box-shadow","var(--_focus-box-shadow)")}}),j(this,br,()=>{let{style:e}=O(this.shadowRoot,":host");e.removeProperty("--_focus-visible-box-shadow")}),j(this,_r,()=>{let e=this.shadowRoot.querySelector("#segments-clipping");e&&e.parentNode.append(e)}),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=V(this.attributes),i=this.constructor.getTemplateHTML(e);$(this.shadowRoot,i)}this.container=this.shadowRoot.querySelector("#container"),lt(this,vr,this.shadowRoot.querySelector("#startpoint")),lt(this,fr,this.shadowRoot.querySelector("#endpoint")),this.range=this.shadowRoot.querySelector("#range"),this.appearance=this.shadowRoot.querySelector("#appearance")}static get observedAttributes(){return["disabled","aria-disabled",y.MEDIA_CONTROLLER]}attributeChangedCallback(e,i,a){var r,s,o,d,c;e===y.MEDIA_CONTROLLER?(i&&((s=(r=K(this,De))==null?void 0:r.unassociateElement)==null||s.call(r,this),lt(this,De,null)),a&&this.isConnected&&(lt(this,De,(o=this.getRootNode())==null?void 0:o.getElementById(a)),(c=(d=K(this,De))==null?void 0:d.associateElement)==null||c.call(d,this))):(e==="disabled"||e==="aria-disabled"&&i!==a)&&(a==null?(this.range.removeAttribute(e),Se(this,Ar,Zs).call(this)):(this.range.setAttribute(e,a),Se(this,Tr,Xs).call(this)))}connectedCallback(){var e,i,a;let{style:r}=O(this.shadowRoot,":host");r.setProperty("display",`var(--media-control-display, var(--${this.localName}-display, inline-flex))`),K(this,ke).pointer=O(this.shadowRoot,"#pointer"),K(this,ke).progress=O(this.shadowRoot,"#progress"),K(this,ke).thumb=O(this.shadowRoot,'#thumb, ::slotted([slot="thumb"])'),K(this,ke).activeSegment=O(this.shadowRoot,"#segments-clipping rect:nth-child(0)");let s=this.getAttribute(y.MEDIA_CONTROLLER);s&&(lt(this,De,(e=this.getRootNode())==null?void 0:e.getElementById(s)),(a=(i=K(this,De))==null?void 0:i.associateElement)==null||a.call(i,this)),this.updateBar(),this.shadowRoot.addEventListener("focusin",K(this,gr)),this.shadowRoot.addEventListener("focusout",K(this,br)),Se(this,Ar,Zs).call(this),$e(this.container,K(this,_r))}disconnectedCallback(){var e,i;Se(this,Tr,Xs).call(this),(i=(e=K(this,De))==null?void 0:e.unassociateElement)==null||i.call(e,this),lt(this,De,null),this.shadowRoot.removeEventListener("focusin",K(this,gr)),this.shadowRoot.removeEventListener("focusout",K(this,br)),Ve(this.container,K(this,_r))}updatePointerBar(e){var i;(i=K(this,ke).pointer)==null||i.style.setProperty("width",`${this.getPointerRatio(e)*100}%`)}updateBar(){var e,i;let a=this.range.valueAsNumber*100;(e=K(this,ke).progress)==null||e.style.setProperty("width",`${a}%`),(i=K(this,ke).thumb)==null||i.style.setProperty("left",`${a}%`)}updateSegments(e){let i=this.shadowRoot.querySelector("#segments-clipping");if(i.textContent="",this.container.classList.toggle("segments",!!(e!=null&&e.length)),!(e!=null&&e.length))return;let a=[...new Set([+this.range.min,...e.flatMap(s=>[s.start,s.end]),+this.range.max])];lt(this,Sr,[...a]);let r=a.pop();for(let[s,o]of a.entries()){let[d,c]=[s===0,s===a.length-1],b=d?"calc(var(--segments-gap) / -1)":`${o*100}%`,A=`calc(${((c?r:a[s+1])-o)*100}%${d||c?"":" - var(--segments-gap)"})`,f=H.createElementNS("http://www.w3.org/2000/svg","rect"),m=Ft(this.shadowRoot,`#segments-clipping rect:nth-child(${s+1})`);m.style.setProperty("x",b),m.style.setProperty("width",A),i.append(f)}}getPointerRatio(e){return Fo(e.clientX,e.clientY,K(this,vr).getBoundingClientRect(),K(this,fr).getBoundingClientRect())}get dragging(){return this.hasAttribute("dragging")}handleEvent(e){switch(e.type){case"pointermove":Se(this,tn,td).call(this,e);break;case"input":this.updateBar();break;case"pointerenter":Se(this,Js,Jl).call(this,e);break;case"pointerdown":Se(this,kr,sn).call(this,e);break;case"pointerup":Se(this,js,jl).call(this);break;case"pointerleave":Se(this,en,ed).call(this);break}}get keysUsed(){return["ArrowUp","ArrowRight","ArrowDown","ArrowLeft"]}};De=new WeakMap;yr=new WeakMap;vr=new WeakMap;fr=new WeakMap;ke=new WeakMap;Sr=new WeakMap;gr=new WeakMap;br=new WeakMap;_r=new WeakMap;rn=new WeakSet;Xl=function(t){let e=K(this,ke).activeSegment;if(!e)return;let i=this.getPointerRatio(t),r=`#segments-clipping rect:nth-child(${K(this,Sr).findIndex((s,o,d)=>{let c=d[o+1];return c!=null&&i>=s&&i<=c})+1})`;(e.selectorText!=r||!e.style.transform)&&(e.selectorText=r,e.style.setProperty("transform","var(--media-range-segment-hover-transform, scaleY(2))"))};Ar=new WeakSet;Zs=function(){this.hasAttribute("disabled")||!this.isConnected||(this.addEventListener("input",this),this.addEventListener("pointerdown",this),this.addEventListener("pointerenter",this))};Tr=new WeakSet;Xs=function(){var t,e;this.removeEventListener("input",this),this.removeEventListener("pointerdown",this),this.removeEventListener("pointerenter",this),this.removeEventListener("pointerleave",this),(t=l.window)==null||t.removeEventListener("pointerup",this),(e=l.window)==null||e.removeEventListener("pointermove",this)};kr=new WeakSet;sn=function(t){var e;lt(this,yr,t.composedPath().includes(this.range)),(e=l.window)==null||e.addEventListener("pointerup",this,{once:!0})};Js=new WeakSet;Jl=function(t){var e;t.pointerType!=="mouse"&&Se(this,kr,sn).call(this,t),this.addEventListener("pointerleave",this,{once:!0}),(e=l.window)==null||e.addEventListener("pointermove",this)};js=new WeakSet;jl=function(){var t;(t=l.window)==null||t.removeEventListener("pointerup",this),this.toggleAttribute("dragging",!1),this.range.disabled=this.hasAttribute("disabled")};en=new WeakSet;ed=function(){var t,e;this.removeEventListener("pointerleave",this),(t=l.window)==null||t.removeEventListener("pointermove",this),this.toggleAttribute("dragging",!1),this.range.disabled=this.hasAttribute("disabled"),(e=K(this,ke).activeSegment)==null||e.style.removeProperty("transform")};tn=new WeakSet;td=function(t){t.pointerType==="pen"&&t.buttons===0||(this.toggleAttribute("dragging",t.buttons===1||t.pointerType!=="mouse"),this.updatePointerBar(t),Se(this,rn,Xl).call(this,t),this.dragging&&(t.pointerType!=="mouse"||!K(this,yr))&&(this.range.disabled=!0,this.range.valueAsNumber=this.getPointerRatio(t),this.range.dispatchEvent(new Event("input",{bubbles:!0,composed:!0}))))};xe.shadowRootOptions={mode:"open"};xe.getTemplateHTML=Su;xe.getContainerTemplateHTML=ku;l.customElements.get("media-chrome-range")||l.customElements.define("media-chrome-range",xe);var id=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Ir=(t,e,i)=>(id(t,e,"read from private field"),i?i.call(t):e.get(t)),yu=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},wr=(t,e,i,a)=>(id(t,e,"write to private field"),a?a.call(t,i):e.set(t,i),i),Oe;function Iu(t){return`
    <style>
      :host {
        box-sizing: border-box;
        display: var(--media-control-display, var(--media-preview-thumbnail-display, inline-block));
        overflow: hidden;
      }

      img {
        display: none;
        position: relative;
      }
    </style>
    <img crossorigin loading="eager" decoding="async">
  `}var li=class extends l.HTMLElement{constructor(){if(super(),yu(this,Oe,void 0),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=V(this.attributes);$(this.shadowRoot,this.constructor.getTemplateHTML(e))}}static get observedAttributes(){return[y.MEDIA_CONTROLLER,n.MEDIA_PREVIEW_IMAGE,n.MEDIA_PREVIEW_COORDS]}connectedCallback(){var e,i,a;let r=this.getAttribute(y.MEDIA_CONTROLLER);r&&(wr(this,Oe,(e=this.getRootNode())==null?void 0:e.getElementById(r)),(a=(i=Ir(this,Oe))==null?void 0:i.associateElement)==null||a.call(i,this))}disconnectedCallback(){var e,i;(i=(e=Ir(this,Oe))==null?void 0:e.unassociateElement)==null||i.call(e,this),wr(this,Oe,null)}attributeChangedCallback(e,i,a){var r,s,o,d,c;[n.MEDIA_PREVIEW_IMAGE,n.MEDIA_PREVIEW_COORDS].includes(e)&&this.update(),e===y.MEDIA_CONTROLLER&&(i&&((s=(r=Ir(this,Oe))==null?void 0:r.unassociateElement)==null||s.call(r,this),wr(this,Oe,null)),a&&this.isConnected&&(wr(this,Oe,(o=this.getRootNode())==null?void 0:o.getElementById(a)),(c=(d=Ir(this,Oe))==null?void 0:d.associateElement)==null||c.call(d,this)))}get mediaPreviewImage(){return D(this,n.MEDIA_PREVIEW_IMAGE)}set mediaPreviewImage(e){C(this,n.MEDIA_PREVIEW_IMAGE,e)}get mediaPreviewCoords(){let e=this.getAttribute(n.MEDIA_PREVIEW_COORDS);if(e)return e.split(/\s+/).map(i=>+i)}set mediaPreviewCoords(e){if(!e){this.removeAttribute(n.MEDIA_PREVIEW_COORDS);return}this.setAttribute(n.MEDIA_PREVIEW_COORDS,e.join(" "))}update(){let e=this.mediaPreviewCoords,i=this.mediaPreviewImage;if(!(e&&i))return;let[a,r,s,o]=e,d=i.split("#")[0],c=getComputedStyle(this),{maxWidth:b,maxHeight:k,minWidth:A,minHeight:f}=c,m=c.getPropertyValue("--media-preview-thumbnail-object-fit").trim()||"contain",_,v;if(m==="fill"){let Be=parseInt(b)/s,We=parseInt(k)/o,Mi=parseInt(A)/s,pt=parseInt(f)/o;_=Be<1?Be:Math.max(Be,Mi),v=We<1?We:Math.max(We,pt)}else{let Be=Math.min(parseInt(b)/s,parseInt(k)/o),We=Math.max(parseInt(A)/s,parseInt(f)/o),pt=Be<1?Be:We>1?We:1;_=pt,v=pt}let{style:w}=O(this.shadowRoot,":host"),I=O(this.shadowRoot,"img").style,ee=this.shadowRoot.querySelector("img"),wi=Math.min(_,v)<1?"min":"max";w.setProperty(`${wi}-width`,"initial","important"),w.setProperty(`${wi}-height`,"initial","important"),w.width=`${s*_}px`,w.height=`${o*v}px`;let Pt=()=>{I.width=`${this.imgWidth*_}px`,I.height=`${this.imgHeight*v}px`,I.display="block"};ee.src!==d&&(ee.onload=()=>{this.imgWidth=ee.naturalWidth,this.imgHeight=ee.naturalHeight,Pt(),ee.onload=null},ee.src=d,Pt()),Pt(),I.transform=`translate(-${a*_}px, -${r*v}px)`}};Oe=new WeakMap;li.shadowRootOptions={mode:"open"};li.getTemplateHTML=Iu;l.customElements.get("media-preview-thumbnail")||l.customElements.define("media-preview-thumbnail",li);var nn=li;var rd=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},ad=(t,e,i)=>(rd(t,e,"read from private field"),i?i.call(t):e.get(t)),wu=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Mu=(t,e,i,a)=>(rd(t,e,"write to private field"),a?a.call(t,i):e.set(t,i),i),ia,on=class extends he{constructor(){super(),wu(this,ia,void 0),Mu(this,ia,this.shadowRoot.querySelector("slot")),ad(this,ia).textContent=Lt(0)}static get observedAttributes(){return[...super.observedAttributes,n.MEDIA_PREVIEW_TIME]}attributeChangedCallback(e,i,a){super.attributeChangedCallback(e,i,a),e===n.MEDIA_PREVIEW_TIME&&a!=null&&(ad(this,ia).textContent=Lt(parseFloat(a)))}get mediaPreviewTime(){return R(this,n.MEDIA_PREVIEW_TIME)}set mediaPreviewTime(e){U(this,n.MEDIA_PREVIEW_TIME,e)}};ia=new WeakMap;l.customElements.get("media-preview-time-display")||l.customElements.define("media-preview-time-display",on);var sd=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Lu=(t,e,i)=>(sd(t,e,"read from private field"),i?i.call(t):e.get(t)),Ru=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Cu=(t,e,i,a)=>(sd(t,e,"write to private field"),a?a.call(t,i):e.set(t,i),i),Mr,ln=class extends he{constructor(){super(),Ru(this,Mr,void 0),Cu(this,Mr,this.shadowRoot.querySelector("slot"))}static get observedAttributes(){return[...super.observedAttributes,n.MEDIA_PREVIEW_CHAPTER,n.MEDIA_LANG]}attributeChangedCallback(e,i,a){if(super.attributeChangedCallback(e,i,a),(e===n.MEDIA_PREVIEW_CHAPTER||e===n.MEDIA_LANG)&&a!==i&&a!=null)if(Lu(this,Mr).textContent=a,a!==""){let r=p("chapter: {chapterName}",{chapterName:a});this.setAttribute("aria-valuetext",r)}else this.removeAttribute("aria-valuetext")}get mediaPreviewChapter(){return D(this,n.MEDIA_PREVIEW_CHAPTER)}set mediaPreviewChapter(e){C(this,n.MEDIA_PREVIEW_CHAPTER,e)}};Mr=new WeakMap;l.customElements.get("media-preview-chapter-display")||l.customElements.define("media-preview-chapter-display",ln);var nd=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},X=(t,e,i)=>(nd(t,e,"read from private field"),i?i.call(t):e.get(t)),Ue=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},ce=(t,e,i,a)=>(nd(t,e,"write to private field"),a?a.call(t,i):e.set(t,i),i),Du=(t,e,i,a)=>({set _(r){ce(t,e,r,i)},get _(){return X(t,e,a)}}),di,Lr,ci,aa,Rr,Cr,Dr,ui,Ct,xr,Or=class{constructor(e,i,a){Ue(this,di,void 0),Ue(this,Lr,void 0),Ue(this,ci,void 0),Ue(this,aa,void 0),Ue(this,Rr,void 0),Ue(this,Cr,void 0),Ue(this,Dr,void 0),Ue(this,ui,void 0),Ue(this,Ct,0),Ue(this,xr,(r=performance.now())=>{ce(this,Ct,requestAnimationFrame(X(this,xr))),ce(this,aa,performance.now()-X(this,ci));let s=1e3/this.fps;if(X(this,aa)>s){ce(this,ci,r-X(this,aa)%s);let o=1e3/((r-X(this,Lr))/++Du(this,Rr)._),d=(r-X(this,Cr))/1e3/this.duration,c=X(this,Dr)+d*this.playbackRate;c-X(this,di).valueAsNumber>0?ce(this,ui,this.playbackRate/this.duration/o):(ce(this,ui,.995*X(this,ui)),c=X(this,di).valueAsNumber+X(this,ui)),this.callback(c)}}),ce(this,di,e),this.callback=i,this.fps=a}start(){X(this,Ct)===0&&(ce(this,ci,performance.now()),ce(this,Lr,X(this,ci)),ce(this,Rr,0),X(this,xr).call(this))}stop(){X(this,Ct)!==0&&(cancelAnimationFrame(X(this,Ct)),ce(this,Ct,0))}update({start:e,duration:i,playbackRate:a}){let r=e-X(this,di).valueAsNumber,s=Math.abs(i-this.duration);(r>0||r<-.5/i||s>=.5)&&this.callback(e),ce(this,Dr,e),ce(this,Cr,performance.now()),this.duration=i,this.playbackRate=a}};di=new WeakMap;Lr=new WeakMap;ci=new WeakMap;aa=new WeakMap;Rr=new WeakMap;Cr=new WeakMap;Dr=new WeakMap;ui=new WeakMap;Ct=new WeakMap;xr=new WeakMap;var mn=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},B=(t,e,i)=>(mn(t,e,"read from private field"),i?i.call(t):e.get(t)),Q=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},me=(t,e,i,a)=>(mn(t,e,"write to private field"),a?a.call(t,i):e.set(t,i),i),pe=(t,e,i)=>(mn(t,e,"access private method"),i),hi,dt,Nr,sa,Hr,Pr,na,oa,mi,pi,ra,dn,od,cn,Fr,pn,Br,En,Wr,vn,un,ld,la,$r,hn,dd,xu=t=>{let e=t.range,i=Mt(+cd(t)),a=Mt(+t.mediaSeekableEnd),r=i&&a?p("{currentTime} of {totalTime}",{currentTime:i,totalTime:a}):p("video not loaded, unknown time.");e.setAttribute("aria-valuetext",r)};function Ou(t){return`
    <style>
      :host {
        --media-box-border-radius: 4px;
        --media-box-padding-left: 10px;
        --media-box-padding-right: 10px;
        --media-preview-border-radius: var(--media-box-border-radius);
        --media-box-arrow-offset: var(--media-box-border-radius);
        --_control-background: var(--media-control-background, var(--media-secondary-color, rgb(20 20 30 / .7)));
        --_preview-background: var(--media-preview-background, var(--_control-background));

        
        contain: layout;
      }

      #buffered {
        background: var(--media-time-range-buffered-color, rgb(255 255 255 / .4));
        position: absolute;
        height: 100%;
        will-change: width;
      }

      #preview-rail,
      #current-rail {
        width: 100%;
        position: absolute;
        left: 0;
        bottom: 100%;
        pointer-events: none;
        will-change: transform;
      }

      [part~="box"] {
        width: min-content;
        
        position: absolute;
        bottom: 100%;
        flex-direction: column;
        align-items: center;
        transform: translateX(-50%);
      }

      [part~="current-box"] {
        display: var(--media-current-box-display, var(--media-box-display, flex));
        margin: var(--media-current-box-margin, var(--media-box-margin, 0 0 5px));
        visibility: hidden;
      }

      [part~="preview-box"] {
        display: var(--media-preview-box-display, var(--media-box-display, flex));
        margin: var(--media-preview-box-margin, var(--media-box-margin, 0 0 5px));
        transition-property: var(--media-preview-transition-property, visibility, opacity);
        transition-duration: var(--media-preview-transition-duration-out, .25s);
        transition-delay: var(--media-preview-transition-delay-out, 0s);
        visibility: hidden;
        opacity: 0;
      }

      :host(:is([${n.MEDIA_PREVIEW_IMAGE}], [${n.MEDIA_PREVIEW_TIME}])[dragging]) [part~="preview-box"] {
        transition-duration: var(--media-preview-transition-duration-in, .5s);
        transition-delay: var(--media-preview-transition-delay-in, .25s);
        visibility: visible;
        opacity: 1;
      }

      @media (hover: hover) {
        :host(:is([${n.MEDIA_PREVIEW_IMAGE}], [${n.MEDIA_PREVIEW_TIME}]):hover) [part~="preview-box"] {
          transition-duration: var(--media-preview-transition-duration-in, .5s);
          transition-delay: var(--media-preview-transition-delay-in, .25s);
          visibility: visible;
          opacity: 1;
        }
      }

      media-preview-thumbnail,
      ::slotted(media-preview-thumbnail) {
        visibility: hidden;
        
        transition: visibility 0s .25s;
        transition-delay: calc(var(--media-preview-transition-delay-out, 0s) + var(--media-preview-transition-duration-out, .25s));
        background: var(--media-preview-thumbnail-background, var(--_preview-background));
        box-shadow: var(--media-preview-thumbnail-box-shadow, 0 0 4px rgb(0 0 0 / .2));
        max-width: var(--media-preview-thumbnail-max-width, 180px);
        max-height: var(--media-preview-thumbnail-max-height, 160px);
        min-width: var(--media-preview-thumbnail-min-width, 120px);
        min-height: var(--media-preview-thumbnail-min-height, 80px);
        border: var(--media-preview-thumbnail-border);
        border-radius: var(--media-preview-thumbnail-border-radius,
          var(--media-preview-border-radius) var(--media-preview-border-radius) 0 0);
      }

      :host([${n.MEDIA_PREVIEW_IMAGE}][dragging]) media-preview-thumbnail,
      :host([${n.MEDIA_PREVIEW_IMAGE}][dragging]) ::slotted(media-preview-thumbnail) {
        transition-delay: var(--media-preview-transition-delay-in, .25s);
        visibility: visible;
      }

      @media (hover: hover) {
        :host([${n.MEDIA_PREVIEW_IMAGE}]:hover) media-preview-thumbnail,
        :host([${n.MEDIA_PREVIEW_IMAGE}]:hover) ::slotted(media-preview-thumbnail) {
          transition-delay: var(--media-preview-transition-delay-in, .25s);
          visibility: visible;
        }

        :host([${n.MEDIA_PREVIEW_TIME}]:hover) {
          --media-time-range-hover-display: block;
        }
      }

      media-preview-chapter-display,
      ::slotted(media-preview-chapter-display) {
        font-size: var(--media-font-size, 13px);
        line-height: 17px;
        min-width: 0;
        visibility: hidden;
        
        transition: min-width 0s, border-radius 0s, margin 0s, padding 0s, visibility 0s;
        transition-delay: calc(var(--media-preview-transition-delay-out, 0s) + var(--media-preview-transition-duration-out, .25s));
        background: var(--media-preview-chapter-background, var(--_preview-background));
        border-radius: var(--media-preview-chapter-border-radius,
          var(--media-preview-border-radius) var(--media-preview-border-radius)
          var(--media-preview-border-radius) var(--media-preview-border-radius));
        padding: var(--media-preview-chapter-padding, 3.5px 9px);
        margin: var(--media-preview-chapter-margin, 0 0 5px);
        text-shadow: var(--media-preview-chapter-text-shadow, 0 0 4px rgb(0 0 0 / .75));
      }

      :host([${n.MEDIA_PREVIEW_IMAGE}]) media-preview-chapter-display,
      :host([${n.MEDIA_PREVIEW_IMAGE}]) ::slotted(media-preview-chapter-display) {
        transition-delay: var(--media-preview-transition-delay-in, .25s);
        border-radius: var(--media-preview-chapter-border-radius, 0);
        padding: var(--media-preview-chapter-padding, 3.5px 9px 0);
        margin: var(--media-preview-chapter-margin, 0);
        min-width: 100%;
      }

      media-preview-chapter-display[${n.MEDIA_PREVIEW_CHAPTER}],
      ::slotted(media-preview-chapter-display[${n.MEDIA_PREVIEW_CHAPTER}]) {
        visibility: visible;
      }

      media-preview-chapter-display:not([aria-valuetext]),
      ::slotted(media-preview-chapter-display:not([aria-valuetext])) {
        display: none;
      }

      media-preview-time-display,
      ::slotted(media-preview-time-display),
      media-time-display,
      ::slotted(media-time-display) {
        font-size: var(--media-font-size, 13px);
        line-height: 17px;
        min-width: 0;
        
        transition: min-width 0s, border-radius 0s;
        transition-delay: calc(var(--media-preview-transition-delay-out, 0s) + var(--media-preview-transition-duration-out, .25s));
        background: var(--media-preview-time-background, var(--_preview-background));
        border-radius: var(--media-preview-time-border-radius,
          var(--media-preview-border-radius) var(--media-preview-border-radius)
          var(--media-preview-border-radius) var(--media-preview-border-radius));
        padding: var(--media-preview-time-padding, 3.5px 9px);
        margin: var(--media-preview-time-margin, 0);
        text-shadow: var(--media-preview-time-text-shadow, 0 0 4px rgb(0 0 0 / .75));
        transform: translateX(min(
          max(calc(50% - var(--_box-width) / 2),
          calc(var(--_box-shift, 0))),
          calc(var(--_box-width) / 2 - 50%)
        ));
      }

      :host([${n.MEDIA_PREVIEW_IMAGE}]) media-preview-time-display,
      :host([${n.MEDIA_PREVIEW_IMAGE}]) ::slotted(media-preview-time-display) {
        transition-delay: var(--media-preview-transition-delay-in, .25s);
        border-radius: var(--media-preview-time-border-radius,
          0 0 var(--media-preview-border-radius) var(--media-preview-border-radius));
        min-width: 100%;
      }

      :host([${n.MEDIA_PREVIEW_TIME}]:hover) {
        --media-time-range-hover-display: block;
      }

      [part~="arrow"],
      ::slotted([part~="arrow"]) {
        display: var(--media-box-arrow-display, inline-block);
        transform: translateX(min(
          max(calc(50% - var(--_box-width) / 2 + var(--media-box-arrow-offset)),
          calc(var(--_box-shift, 0))),
          calc(var(--_box-width) / 2 - 50% - var(--media-box-arrow-offset))
        ));
        
        border-color: transparent;
        border-top-color: var(--media-box-arrow-background, var(--_control-background));
        border-width: var(--media-box-arrow-border-width,
          var(--media-box-arrow-height, 5px) var(--media-box-arrow-width, 6px) 0);
        border-style: solid;
        justify-content: center;
        height: 0;
      }
    </style>
    <div id="preview-rail">
      <slot name="preview" part="box preview-box">
        <media-preview-thumbnail>
          <template shadowrootmode="${nn.shadowRootOptions.mode}">
            ${nn.getTemplateHTML({})}
          </template>
        </media-preview-thumbnail>
        <media-preview-chapter-display></media-preview-chapter-display>
        <media-preview-time-display></media-preview-time-display>
        <slot name="preview-arrow"><div part="arrow"></div></slot>
      </slot>
    </div>
    <div id="current-rail">
      <slot name="current" part="box current-box">
        
      </slot>
    </div>
  `}var Ur=(t,e=t.mediaCurrentTime)=>{let i=Number.isFinite(t.mediaSeekableStart)?t.mediaSeekableStart:0,a=Number.isFinite(t.mediaDuration)?t.mediaDuration:t.mediaSeekableEnd;if(Number.isNaN(a))return 0;let r=(e-i)/(a-i);return Math.max(0,Math.min(r,1))},cd=(t,e=t.range.valueAsNumber)=>{let i=Number.isFinite(t.mediaSeekableStart)?t.mediaSeekableStart:0,a=Number.isFinite(t.mediaDuration)?t.mediaDuration:t.mediaSeekableEnd;return Number.isNaN(a)?0:e*(a-i)+i},da=class extends xe{constructor(){super(),Q(this,dn),Q(this,Fr),Q(this,Br),Q(this,Wr),Q(this,un),Q(this,la),Q(this,hn),Q(this,hi,null),Q(this,dt,void 0),Q(this,Nr,void 0),Q(this,sa,void 0),Q(this,Hr,void 0),Q(this,Pr,void 0),Q(this,na,void 0),Q(this,oa,void 0),Q(this,mi,void 0),Q(this,pi,void 0),Q(this,ra,()=>{pe(this,dn,od).call(this)?B(this,dt).start():B(this,dt).stop()}),Q(this,cn,a=>{this.dragging||(Jt(a)&&(this.range.valueAsNumber=a),B(this,pi)||this.updateBar())}),this.shadowRoot.querySelector("#track").insertAdjacentHTML("afterbegin",'<div id="buffered" part="buffered"></div>'),me(this,Nr,this.shadowRoot.querySelectorAll('[part~="box"]')),me(this,Hr,this.shadowRoot.querySelector('[part~="preview-box"]')),me(this,Pr,this.shadowRoot.querySelector('[part~="current-box"]'));let i=getComputedStyle(this);me(this,na,parseInt(i.getPropertyValue("--media-box-padding-left"))),me(this,oa,parseInt(i.getPropertyValue("--media-box-padding-right"))),me(this,dt,new Or(this.range,B(this,cn),60))}static get observedAttributes(){return[...super.observedAttributes,n.MEDIA_PAUSED,n.MEDIA_DURATION,n.MEDIA_SEEKABLE,n.MEDIA_CURRENT_TIME,n.MEDIA_PREVIEW_IMAGE,n.MEDIA_PREVIEW_TIME,n.MEDIA_PREVIEW_CHAPTER,n.MEDIA_BUFFERED,n.MEDIA_PLAYBACK_RATE,n.MEDIA_LOADING,n.MEDIA_ENDED]}connectedCallback(){var e;super.connectedCallback(),this.range.setAttribute("aria-label",p("seek")),B(this,ra).call(this),me(this,hi,this.getRootNode()),(e=B(this,hi))==null||e.addEventListener("transitionstart",this)}disconnectedCallback(){var e;super.disconnectedCallback(),B(this,dt).stop(),(e=B(this,hi))==null||e.removeEventListener("transitionstart",this),me(this,hi,null)}attributeChangedCallback(e,i,a){super.attributeChangedCallback(e,i,a),i!=a&&(e===n.MEDIA_CURRENT_TIME||e===n.MEDIA_PAUSED||e===n.MEDIA_ENDED||e===n.MEDIA_LOADING||e===n.MEDIA_DURATION||e===n.MEDIA_SEEKABLE?(B(this,dt).update({start:Ur(this),duration:this.mediaSeekableEnd-this.mediaSeekableStart,playbackRate:this.mediaPlaybackRate}),B(this,ra).call(this),xu(this)):e===n.MEDIA_BUFFERED&&this.updateBufferedBar(),(e===n.MEDIA_DURATION||e===n.MEDIA_SEEKABLE)&&(this.mediaChaptersCues=B(this,mi),this.updateBar()))}get mediaChaptersCues(){return B(this,mi)}set mediaChaptersCues(e){var i;me(this,mi,e),this.updateSegments((i=B(this,mi))==null?void 0:i.map(a=>({start:Ur(this,a.startTime),end:Ur(this,a.endTime)})))}get mediaPaused(){return T(this,n.MEDIA_PAUSED)}set mediaPaused(e){S(this,n.MEDIA_PAUSED,e)}get mediaLoading(){return T(this,n.MEDIA_LOADING)}set mediaLoading(e){S(this,n.MEDIA_LOADING,e)}get mediaDuration(){return R(this,n.MEDIA_DURATION)}set mediaDuration(e){U(this,n.MEDIA_DURATION,e)}get mediaCurrentTime(){return R(this,n.MEDIA_CURRENT_TIME)}set mediaCurrentTime(e){U(this,n.MEDIA_CURRENT_TIME,e)}get mediaPlaybackRate(){return R(this,n.MEDIA_PLAYBACK_RATE,1)}set mediaPlaybackRate(e){U(this,n.MEDIA_PLAYBACK_RATE,e)}get mediaBuffered(){let e=this.getAttribute(n.MEDIA_BUFFERED);return e?e.split(" ").map(i=>i.split(":").map(a=>+a)):[]}set mediaBuffered(e){if(!e){this.removeAttribute(n.MEDIA_BUFFERED);return}let i=e.map(a=>a.join(":")).join(" ");this.setAttribute(n.MEDIA_BUFFERED,i)}get mediaSeekable(){let e=this.getAttribute(n.MEDIA_SEEKABLE);if(e)return e.split(":").map(i=>+i)}set mediaSeekable(e){if(e==null){this.removeAttribute(n.MEDIA_SEEKABLE);return}this.setAttribute(n.MEDIA_SEEKABLE,e.join(":"))}get mediaSeekableEnd(){var e;let[,i=this.mediaDuration]=(e=this.mediaSeekable)!=null?e:[];return i}get mediaSeekableStart(){var e;let[i=0]=(e=this.mediaSeekable)!=null?e:[];return i}get mediaPreviewImage(){return D(this,n.MEDIA_PREVIEW_IMAGE)}set mediaPreviewImage(e){C(this,n.MEDIA_PREVIEW_IMAGE,e)}get mediaPreviewTime(){return R(this,n.MEDIA_PREVIEW_TIME)}set mediaPreviewTime(e){U(this,n.MEDIA_PREVIEW_TIME,e)}get mediaEnded(){return T(this,n.MEDIA_ENDED)}set mediaEnded(e){S(this,n.MEDIA_ENDED,e)}updateBar(){super.updateBar(),this.updateBufferedBar(),this.updateCurrentBox()}updateBufferedBar(){var e;let i=this.mediaBuffered;if(!i.length)return;let a;if(this.mediaEnded)a=1;else{let s=this.mediaCurrentTime,[,o=this.mediaSeekableStart]=(e=i.find(([d,c])=>d<=s&&s<=c))!=null?e:[];a=Ur(this,o)}let{style:r}=O(this.shadowRoot,"#buffered");r.setProperty("width",`${a*100}%`)}updateCurrentBox(){if(!this.shadowRoot.querySelector('slot[name="current"]').assignedElements().length)return;let i=O(this.shadowRoot,"#current-rail"),a=O(this.shadowRoot,'[part~="current-box"]'),r=pe(this,Fr,pn).call(this,B(this,Pr)),s=pe(this,Br,En).call(this,r,this.range.valueAsNumber),o=pe(this,Wr,vn).call(this,r,this.range.valueAsNumber);i.style.transform=`translateX(${s})`,i.style.setProperty("--_range-width",`${r.range.width}`),a.style.setProperty("--_box-shift",`${o}`),a.style.setProperty("--_box-width",`${r.box.width}px`),a.style.setProperty("visibility","initial")}handleEvent(e){switch(super.handleEvent(e),e.type){case"input":pe(this,hn,dd).call(this);break;case"pointermove":pe(this,un,ld).call(this,e);break;case"pointerup":B(this,pi)&&me(this,pi,!1);break;case"pointerdown":me(this,pi,!0);break;case"pointerleave":pe(this,la,$r).call(this,null);break;case"transitionstart":te(e.target,this)&&setTimeout(()=>B(this,ra).call(this),0);break}}};hi=new WeakMap;dt=new WeakMap;Nr=new WeakMap;sa=new WeakMap;Hr=new WeakMap;Pr=new WeakMap;na=new WeakMap;oa=new WeakMap;mi=new WeakMap;pi=new WeakMap;ra=new WeakMap;dn=new WeakSet;od=function(){return this.isConnected&&!this.mediaPaused&&!this.mediaLoading&&!this.mediaEnded&&this.mediaSeekableEnd>0&&Da(this)};cn=new WeakMap;Fr=new WeakSet;pn=function(t){var e;let a=((e=this.getAttribute("bounds")?ye(this,`#${this.getAttribute("bounds")}`):this.parentElement)!=null?e:this).getBoundingClientRect(),r=this.range.getBoundingClientRect(),s=t.offsetWidth,o=-(r.left-a.left-s/2),d=a.right-r.left-s/2;return{box:{width:s,min:o,max:d},bounds:a,range:r}};Br=new WeakSet;En=function(t,e){let i=`${e*100}%`,{width:a,min:r,max:s}=t.box;if(!a)return i;if(Number.isNaN(r)||(i=`max(${`calc(1 / var(--_range-width) * 100 * ${r}% + var(--media-box-padding-left))`}, ${i})`),!Number.isNaN(s)){let d=`calc(1 / var(--_range-width) * 100 * ${s}% - var(--media-box-padding-right))`;i=`min(${i}, ${d})`}return i};Wr=new WeakSet;vn=function(t,e){let{width:i,min:a,max:r}=t.box,s=e*t.range.width;if(s<a+B(this,na)){let o=t.range.left-t.bounds.left-B(this,na);return`${s-i/2+o}px`}if(s>r-B(this,oa)){let o=t.bounds.right-t.range.right-B(this,oa);return`${s+i/2-o-t.range.width}px`}return 0};un=new WeakSet;ld=function(t){let e=[...B(this,Nr)].some(k=>t.composedPath().includes(k));if(!this.dragging&&(e||!t.composedPath().includes(this))){pe(this,la,$r).call(this,null);return}let i=this.mediaSeekableEnd;if(!i)return;let a=O(this.shadowRoot,"#preview-rail"),r=O(this.shadowRoot,'[part~="preview-box"]'),s=pe(this,Fr,pn).call(this,B(this,Hr)),o=(t.clientX-s.range.left)/s.range.width;o=Math.max(0,Math.min(1,o));let d=pe(this,Br,En).call(this,s,o),c=pe(this,Wr,vn).call(this,s,o);a.style.transform=`translateX(${d})`,a.style.setProperty("--_range-width",`${s.range.width}`),r.style.setProperty("--_box-shift",`${c}`),r.style.setProperty("--_box-width",`${s.box.width}px`);let b=Math.round(B(this,sa))-Math.round(o*i);Math.abs(b)<1&&o>.01&&o<.99||(me(this,sa,o*i),pe(this,la,$r).call(this,B(this,sa)))};la=new WeakSet;$r=function(t){this.dispatchEvent(new l.CustomEvent(h.MEDIA_PREVIEW_REQUEST,{composed:!0,bubbles:!0,detail:t}))};hn=new WeakSet;dd=function(){B(this,dt).stop();let t=cd(this);this.dispatchEvent(new l.CustomEvent(h.MEDIA_SEEK_REQUEST,{composed:!0,bubbles:!0,detail:t}))};da.shadowRootOptions={mode:"open"};da.getContainerTemplateHTML=Ou;l.customElements.get("media-time-range")||l.customElements.define("media-time-range",da);var Uu=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},ud=(t,e,i)=>(Uu(t,e,"read from private field"),i?i.call(t):e.get(t)),Pu=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Vr,Nu=1,Hu=t=>t.mediaMuted?0:t.mediaVolume,Fu=t=>`${Math.round(t*100)}%`,fn=class extends xe{constructor(){super(...arguments),Pu(this,Vr,()=>{let e=this.range.value,i=new l.CustomEvent(h.MEDIA_VOLUME_REQUEST,{composed:!0,bubbles:!0,detail:e});this.dispatchEvent(i)})}static get observedAttributes(){return[...super.observedAttributes,n.MEDIA_VOLUME,n.MEDIA_MUTED,n.MEDIA_VOLUME_UNAVAILABLE]}connectedCallback(){super.connectedCallback(),this.range.setAttribute("aria-label",p("volume")),this.range.addEventListener("input",ud(this,Vr))}disconnectedCallback(){this.range.removeEventListener("input",ud(this,Vr)),super.disconnectedCallback()}attributeChangedCallback(e,i,a){super.attributeChangedCallback(e,i,a),(e===n.MEDIA_VOLUME||e===n.MEDIA_MUTED)&&(this.range.valueAsNumber=Hu(this),this.range.setAttribute("aria-valuetext",Fu(this.range.valueAsNumber)),this.updateBar())}get mediaVolume(){return R(this,n.MEDIA_VOLUME,Nu)}set mediaVolume(e){U(this,n.MEDIA_VOLUME,e)}get mediaMuted(){return T(this,n.MEDIA_MUTED)}set mediaMuted(e){S(this,n.MEDIA_MUTED,e)}get mediaVolumeUnavailable(){return D(this,n.MEDIA_VOLUME_UNAVAILABLE)}set mediaVolumeUnavailable(e){C(this,n.MEDIA_VOLUME_UNAVAILABLE,e)}};Vr=new WeakMap;l.customElements.get("media-volume-range")||l.customElements.define("media-volume-range",fn);function hd({anchor:t,floating:e,placement:i}){let a=Bu({anchor:t,floating:e}),{x:r,y:s}=$u(a,i);return{x:r,y:s}}function Bu({anchor:t,floating:e}){return{anchor:Wu(t,e.offsetParent),floating:{x:0,y:0,width:e.offsetWidth,height:e.offsetHeight}}}function Wu(t,e){var i;let a=t.getBoundingClientRect(),r=(i=e==null?void 0:e.getBoundingClientRect())!=null?i:{x:0,y:0};return{x:a.x-r.x,y:a.y-r.y,width:a.width,height:a.height}}function $u({anchor:t,floating:e},i){let a=Vu(i)==="x"?"y":"x",r=a==="y"?"height":"width",s=md(i),o=t.x+t.width/2-e.width/2,d=t.y+t.height/2-e.height/2,c=t[r]/2-e[r]/2,b;switch(s){case"top":b={x:o,y:t.y-e.height};break;case"bottom":b={x:o,y:t.y+t.height};break;case"right":b={x:t.x+t.width,y:d};break;case"left":b={x:t.x-e.width,y:d};break;default:b={x:t.x,y:t.y}}switch(i.split("-")[1]){case"start":b[a]-=c;break;case"end":b[a]+=c;break}return b}function md(t){return t.split("-")[0]}function Vu(t){return["top","bottom"].includes(md(t))?"y":"x"}var ct=class extends Event{constructor({action:e="auto",relatedTarget:i,...a}){super("invoke",a),this.action=e,this.relatedTarget=i}},Kr=class extends Event{constructor({newState:e,oldState:i,...a}){super("toggle",a),this.newState=e,this.oldState=i}};var Ln=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},L=(t,e,i)=>(Ln(t,e,"read from private field"),i?i.call(t):e.get(t)),P=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Ee=(t,e,i,a)=>(Ln(t,e,"write to private field"),a?a.call(t,i):e.set(t,i),i),N=(t,e,i)=>(Ln(t,e,"access private method"),i),Pe,ut,ze,Gr,ca,xt,ma,gn,pd,Qr,Rn,zr,qr,bn,_n,Ed,An,vd,Tn,fd,Ei,vi,fi,pa,Zr,Cn,Sn,gd,Dn,bd,kn,_d,xn,Ad,yn,Td,In,Sd,ua,Xr,wn,kd,ha,Jr,Yr,Mn;function va({type:t,text:e,value:i,checked:a}){let r=H.createElement("media-chrome-menu-item");r.type=t??"",r.part.add("menu-item"),t&&r.part.add(t),r.value=i,r.checked=a;let s=H.createElement("span");return s.textContent=e,r.append(s),r}function gi(t,e){let i=t.querySelector(`:scope > [slot="${e}"]`);if((i==null?void 0:i.nodeName)=="SLOT"&&(i=i.assignedElements({flatten:!0})[0]),i)return i=i.cloneNode(!0),i;let a=t.shadowRoot.querySelector(`[name="${e}"] > svg`);return a?a.cloneNode(!0):""}function Ku(t){return`
    <style>
      :host {
        font: var(--media-font,
          var(--media-font-weight, normal)
          var(--media-font-size, 14px) /
          var(--media-text-content-height, var(--media-control-height, 24px))
          var(--media-font-family, helvetica neue, segoe ui, roboto, arial, sans-serif));
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        --_menu-bg: rgb(20 20 30 / .8);
        background: var(--media-menu-background, var(--media-control-background, var(--media-secondary-color, var(--_menu-bg))));
        border-radius: var(--media-menu-border-radius);
        border: var(--media-menu-border, none);
        display: var(--media-menu-display, inline-flex) !important;
        
        transition: var(--media-menu-transition-in,
          visibility 0s,
          opacity .2s ease-out,
          transform .15s ease-out,
          left .2s ease-in-out,
          min-width .2s ease-in-out,
          min-height .2s ease-in-out
        ) !important;
        
        visibility: var(--media-menu-visibility, visible);
        opacity: var(--media-menu-opacity, 1);
        max-height: var(--media-menu-max-height, var(--_menu-max-height, 300px));
        transform: var(--media-menu-transform-in, translateY(0) scale(1));
        flex-direction: column;
        
        min-height: 0;
        position: relative;
        bottom: var(--_menu-bottom);
        box-sizing: border-box;
      } 

      @-moz-document url-prefix() {
        :host{
          --_menu-bg: rgb(20 20 30);
        }
      }

      :host([hidden]) {
        transition: var(--media-menu-transition-out,
          visibility .15s ease-in,
          opacity .15s ease-in,
          transform .15s ease-in
        ) !important;
        visibility: var(--media-menu-hidden-visibility, hidden);
        opacity: var(--media-menu-hidden-opacity, 0);
        max-height: var(--media-menu-hidden-max-height,
          var(--media-menu-max-height, var(--_menu-max-height, 300px)));
        transform: var(--media-menu-transform-out, translateY(2px) scale(.99));
        pointer-events: none;
      }

      :host([slot="submenu"]) {
        background: none;
        width: 100%;
        min-height: 100%;
        position: absolute;
        bottom: 0;
        right: -100%;
      }

      #container {
        display: flex;
        flex-direction: column;
        min-height: 0;
        transition: transform .2s ease-out;
        transform: translate(0, 0);
      }

      #container.has-expanded {
        transition: transform .2s ease-in;
        transform: translate(-100%, 0);
      }

      button {
        background: none;
        color: inherit;
        border: none;
        padding: 0;
        font: inherit;
        outline: inherit;
        display: inline-flex;
        align-items: center;
      }

      slot[name="header"][hidden] {
        display: none;
      }

      slot[name="header"] > *,
      slot[name="header"]::slotted(*) {
        padding: .4em .7em;
        border-bottom: 1px solid rgb(255 255 255 / .25);
        cursor: var(--media-cursor, default);
      }

      slot[name="header"] > button[part~="back"],
      slot[name="header"]::slotted(button[part~="back"]) {
        cursor: var(--media-cursor, pointer);
      }

      svg[part~="back"] {
        height: var(--media-menu-icon-height, var(--media-control-height, 24px));
        fill: var(--media-icon-color, var(--media-primary-color, rgb(238 238 238)));
        display: block;
        margin-right: .5ch;
      }

      slot:not([name]) {
        gap: var(--media-menu-gap);
        flex-direction: var(--media-menu-flex-direction, column);
        overflow: var(--media-menu-overflow, hidden auto);
        display: flex;
        min-height: 0;
      }

      :host([role="menu"]) slot:not([name]) {
        padding-block: .4em;
      }

      slot:not([name])::slotted([role="menu"]) {
        background: none;
      }

      media-chrome-menu-item > span {
        margin-right: .5ch;
        max-width: var(--media-menu-item-max-width);
        text-overflow: ellipsis;
        overflow: hidden;
      }
    </style>
    <style id="layout-row" media="width:0">

      slot[name="header"] > *,
      slot[name="header"]::slotted(*) {
        padding: .4em .5em;
      }

      slot:not([name]) {
        gap: var(--media-menu-gap, .25em);
        flex-direction: var(--media-menu-flex-direction, row);
        padding-inline: .5em;
      }

      media-chrome-menu-item {
        padding: .3em .5em;
      }

      media-chrome-menu-item[aria-checked="true"] {
        background: var(--media-menu-item-checked-background, rgb(255 255 255 / .2));
      }

      
      media-chrome-menu-item::part(checked-indicator) {
        display: var(--media-menu-item-checked-indicator-display, none);
      }
    </style>
    <div id="container" part="container">
      <slot name="header" hidden>
        <button part="back button" aria-label="Back to previous menu">
          <slot name="back-icon">
            <svg aria-hidden="true" viewBox="0 0 20 24" part="back indicator">
              <path d="m11.88 17.585.742-.669-4.2-4.665 4.2-4.666-.743-.669-4.803 5.335 4.803 5.334Z"/>
            </svg>
          </slot>
          <slot name="title"></slot>
        </button>
      </slot>
      <slot></slot>
    </div>
    <slot name="checked-indicator" hidden></slot>
  `}var Dt={STYLE:"style",HIDDEN:"hidden",DISABLED:"disabled",ANCHOR:"anchor"},Ne=class extends l.HTMLElement{constructor(){if(super(),P(this,gn),P(this,Qr),P(this,qr),P(this,_n),P(this,An),P(this,Tn),P(this,fi),P(this,Zr),P(this,Sn),P(this,Dn),P(this,kn),P(this,xn),P(this,yn),P(this,In),P(this,ua),P(this,wn),P(this,ha),P(this,Yr),P(this,Pe,null),P(this,ut,null),P(this,ze,null),P(this,Gr,new Set),P(this,ca,void 0),P(this,xt,!1),P(this,ma,null),P(this,zr,()=>{let e=L(this,Gr),i=new Set(this.items);for(let a of e)i.has(a)||this.dispatchEvent(new CustomEvent("removemenuitem",{detail:a}));for(let a of i)e.has(a)||this.dispatchEvent(new CustomEvent("addmenuitem",{detail:a}));Ee(this,Gr,i)}),P(this,Ei,()=>{N(this,fi,pa).call(this),N(this,Zr,Cn).call(this,!1)}),P(this,vi,()=>{N(this,fi,pa).call(this)}),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=V(this.attributes);$(this.shadowRoot,this.constructor.getTemplateHTML(e))}this.container=this.shadowRoot.querySelector("#container"),this.defaultSlot=this.shadowRoot.querySelector("slot:not([name])"),Ee(this,ca,new MutationObserver(L(this,zr)))}static get observedAttributes(){return[Dt.DISABLED,Dt.HIDDEN,Dt.STYLE,Dt.ANCHOR,y.MEDIA_CONTROLLER]}static formatMenuItemText(e,i){return e}enable(){this.addEventListener("click",this),this.addEventListener("focusout",this),this.addEventListener("keydown",this),this.addEventListener("invoke",this),this.addEventListener("toggle",this)}disable(){this.removeEventListener("click",this),this.removeEventListener("focusout",this),this.removeEventListener("keyup",this),this.removeEventListener("invoke",this),this.removeEventListener("toggle",this)}handleEvent(e){switch(e.type){case"slotchange":N(this,gn,pd).call(this,e);break;case"invoke":N(this,_n,Ed).call(this,e);break;case"click":N(this,Sn,gd).call(this,e);break;case"toggle":N(this,kn,_d).call(this,e);break;case"focusout":N(this,yn,Td).call(this,e);break;case"keydown":N(this,In,Sd).call(this,e);break}}connectedCallback(){var e,i;L(this,ca).observe(this.defaultSlot,{childList:!0}),Ee(this,ma,Ft(this.shadowRoot,":host")),N(this,qr,bn).call(this),this.hasAttribute("disabled")||this.enable(),this.role||(this.role="menu"),Ee(this,Pe,La(this)),(i=(e=L(this,Pe))==null?void 0:e.associateElement)==null||i.call(e,this),this.hidden||($e(Ea(this),L(this,Ei)),$e(this,L(this,vi))),N(this,Qr,Rn).call(this),this.shadowRoot.addEventListener("slotchange",this)}disconnectedCallback(){var e,i;L(this,ca).disconnect(),Ve(Ea(this),L(this,Ei)),Ve(this,L(this,vi)),this.disable(),(i=(e=L(this,Pe))==null?void 0:e.unassociateElement)==null||i.call(e,this),Ee(this,Pe,null),Ee(this,ut,null),Ee(this,ze,null),this.shadowRoot.removeEventListener("slotchange",this)}attributeChangedCallback(e,i,a){var r,s,o,d;e===Dt.HIDDEN&&a!==i?(L(this,xt)||Ee(this,xt,!0),this.hidden?N(this,Tn,fd).call(this):N(this,An,vd).call(this),this.dispatchEvent(new Kr({oldState:this.hidden?"open":"closed",newState:this.hidden?"closed":"open",bubbles:!0}))):e===y.MEDIA_CONTROLLER?(i&&((s=(r=L(this,Pe))==null?void 0:r.unassociateElement)==null||s.call(r,this),Ee(this,Pe,null)),a&&this.isConnected&&(Ee(this,Pe,La(this)),(d=(o=L(this,Pe))==null?void 0:o.associateElement)==null||d.call(o,this))):e===Dt.DISABLED&&a!==i?a==null?this.enable():this.disable():e===Dt.STYLE&&a!==i&&N(this,qr,bn).call(this)}formatMenuItemText(e,i){return this.constructor.formatMenuItemText(e,i)}get anchor(){return this.getAttribute("anchor")}set anchor(e){this.setAttribute("anchor",`${e}`)}get anchorElement(){var e;return this.anchor?(e=vt(this))==null?void 0:e.querySelector(`#${this.anchor}`):null}get items(){return this.defaultSlot.assignedElements({flatten:!0}).filter(Gu)}get radioGroupItems(){return this.items.filter(e=>e.role==="menuitemradio")}get checkedItems(){return this.items.filter(e=>e.checked)}get value(){var e,i;return(i=(e=this.checkedItems[0])==null?void 0:e.value)!=null?i:""}set value(e){let i=this.items.find(a=>a.value===e);i&&N(this,Yr,Mn).call(this,i)}focus(){if(Ee(this,ut,Ci()),this.items.length){N(this,ha,Jr).call(this,this.items[0]),this.items[0].focus();return}let e=this.querySelector('[autofocus], [tabindex]:not([tabindex="-1"]), [role="menu"]');e==null||e.focus()}handleSelect(e){var i;let a=N(this,ua,Xr).call(this,e);a&&(N(this,Yr,Mn).call(this,a,a.type==="checkbox"),L(this,ze)&&!this.hidden&&((i=L(this,ut))==null||i.focus(),this.hidden=!0))}get keysUsed(){return["Enter","Escape","Tab"," ","ArrowDown","ArrowUp","Home","End"]}handleMove(e){var i,a;let{key:r}=e,s=this.items,o=(a=(i=N(this,ua,Xr).call(this,e))!=null?i:N(this,wn,kd).call(this))!=null?a:s[0],d=s.indexOf(o),c=Math.max(0,d);r==="ArrowDown"?c++:r==="ArrowUp"?c--:e.key==="Home"?c=0:e.key==="End"&&(c=s.length-1),c<0&&(c=s.length-1),c>s.length-1&&(c=0),N(this,ha,Jr).call(this,s[c]),s[c].focus()}};Pe=new WeakMap;ut=new WeakMap;ze=new WeakMap;Gr=new WeakMap;ca=new WeakMap;xt=new WeakMap;ma=new WeakMap;gn=new WeakSet;pd=function(t){let e=t.target;for(let i of e.assignedNodes({flatten:!0}))i.nodeType===3&&i.textContent.trim()===""&&i.remove();["header","title"].includes(e.name)&&N(this,Qr,Rn).call(this),e.name||L(this,zr).call(this)};Qr=new WeakSet;Rn=function(){let t=this.shadowRoot.querySelector('slot[name="header"]'),e=this.shadowRoot.querySelector('slot[name="title"]');t.hidden=e.assignedNodes().length===0&&t.assignedNodes().length===0};zr=new WeakMap;qr=new WeakSet;bn=function(){var t;let e=(t=getComputedStyle(this).getPropertyValue("--media-menu-layout"))==null?void 0:t.trim();No(this.shadowRoot,"layout-row",e==="row"?"":"width:0")};_n=new WeakSet;Ed=function(t){Ee(this,ze,t.relatedTarget),te(this,t.relatedTarget)||(this.hidden=!this.hidden)};An=new WeakSet;vd=function(){var t;(t=L(this,ze))==null||t.setAttribute("aria-expanded","true"),this.addEventListener("transitionend",()=>this.focus(),{once:!0}),$e(Ea(this),L(this,Ei)),$e(this,L(this,vi))};Tn=new WeakSet;fd=function(){var t;(t=L(this,ze))==null||t.setAttribute("aria-expanded","false"),Ve(Ea(this),L(this,Ei)),Ve(this,L(this,vi))};Ei=new WeakMap;vi=new WeakMap;fi=new WeakSet;pa=function(t){if(this.hasAttribute("mediacontroller")&&!this.anchor||this.hidden||!this.anchorElement)return;let{x:e,y:i}=hd({anchor:this.anchorElement,floating:this,placement:"top-start"});t??(t=this.offsetWidth);let r=Ea(this).getBoundingClientRect(),s=r.width-e-t,o=r.height-i-this.offsetHeight,{style:d}=L(this,ma);d.setProperty("position","absolute"),d.setProperty("right",`${Math.max(0,s)}px`),d.setProperty("--_menu-bottom",`${o}px`);let c=getComputedStyle(this),k=d.getPropertyValue("--_menu-bottom")===c.bottom?o:parseFloat(c.bottom),A=r.height-k-parseFloat(c.marginBottom);this.style.setProperty("--_menu-max-height",`${A}px`)};Zr=new WeakSet;Cn=function(t){let e=this.querySelector('[role="menuitem"][aria-haspopup][aria-expanded="true"]'),i=e==null?void 0:e.querySelector('[role="menu"]'),{style:a}=L(this,ma);if(t||a.setProperty("--media-menu-transition-in","none"),i){let r=i.offsetHeight,s=Math.max(i.offsetWidth,e.offsetWidth);this.style.setProperty("min-width",`${s}px`),this.style.setProperty("min-height",`${r}px`),N(this,fi,pa).call(this,s)}else this.style.removeProperty("min-width"),this.style.removeProperty("min-height"),N(this,fi,pa).call(this);a.removeProperty("--media-menu-transition-in")};Sn=new WeakSet;gd=function(t){var e;if(t.stopPropagation(),t.composedPath().includes(L(this,Dn,bd))){(e=L(this,ut))==null||e.focus(),this.hidden=!0;return}let i=N(this,ua,Xr).call(this,t);!i||i.hasAttribute("disabled")||(N(this,ha,Jr).call(this,i),this.handleSelect(t))};Dn=new WeakSet;bd=function(){var t;return(t=this.shadowRoot.querySelector('slot[name="header"]').assignedElements({flatten:!0}))==null?void 0:t.find(i=>i.matches('button[part~="back"]'))};kn=new WeakSet;_d=function(t){if(t.target===this)return;N(this,xn,Ad).call(this);let e=Array.from(this.querySelectorAll('[role="menuitem"][aria-haspopup]'));for(let i of e)i.invokeTargetElement!=t.target&&t.newState=="open"&&i.getAttribute("aria-expanded")=="true"&&!i.invokeTargetElement.hidden&&i.invokeTargetElement.dispatchEvent(new ct({relatedTarget:i}));for(let i of e)i.setAttribute("aria-expanded",`${!i.submenuElement.hidden}`);N(this,Zr,Cn).call(this,!0)};xn=new WeakSet;Ad=function(){let e=this.querySelector('[role="menuitem"] > [role="menu"]:not([hidden])');this.container.classList.toggle("has-expanded",!!e)};yn=new WeakSet;Td=function(t){var e;te(this,t.relatedTarget)||(L(this,xt)&&((e=L(this,ut))==null||e.focus()),L(this,ze)&&L(this,ze)!==t.relatedTarget&&!this.hidden&&(this.hidden=!0))};In=new WeakSet;Sd=function(t){var e,i,a,r,s;let{key:o,ctrlKey:d,altKey:c,metaKey:b}=t;if(!(d||c||b)&&this.keysUsed.includes(o))if(t.preventDefault(),t.stopPropagation(),o==="Tab"){if(L(this,xt)){this.hidden=!0;return}t.shiftKey?(i=(e=this.previousElementSibling)==null?void 0:e.focus)==null||i.call(e):(r=(a=this.nextElementSibling)==null?void 0:a.focus)==null||r.call(a),this.blur()}else o==="Escape"?((s=L(this,ut))==null||s.focus(),L(this,xt)&&(this.hidden=!0)):o==="Enter"||o===" "?this.handleSelect(t):this.handleMove(t)};ua=new WeakSet;Xr=function(t){return t.composedPath().find(e=>["menuitemradio","menuitemcheckbox"].includes(e.role))};wn=new WeakSet;kd=function(){return this.items.find(t=>t.tabIndex===0)};ha=new WeakSet;Jr=function(t){for(let e of this.items)e.tabIndex=e===t?0:-1};Yr=new WeakSet;Mn=function(t,e){let i=[...this.checkedItems];t.type==="radio"&&this.radioGroupItems.forEach(a=>a.checked=!1),e?t.checked=!t.checked:t.checked=!0,this.checkedItems.some((a,r)=>a!=i[r])&&this.dispatchEvent(new Event("change",{bubbles:!0,composed:!0}))};Ne.shadowRootOptions={mode:"open"};Ne.getTemplateHTML=Ku;function Gu(t){return["menuitem","menuitemradio","menuitemcheckbox"].includes(t==null?void 0:t.role)}function Ea(t){var e;return(e=t.getAttribute("bounds")?ye(t,`#${t.getAttribute("bounds")}`):ue(t)||t.parentElement)!=null?e:t}l.customElements.get("media-chrome-menu")||l.customElements.define("media-chrome-menu",Ne);var Nn=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},qu=(t,e,i)=>(Nn(t,e,"read from private field"),i?i.call(t):e.get(t)),On=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Yu=(t,e,i,a)=>(Nn(t,e,"write to private field"),a?a.call(t,i):e.set(t,i),i),jr=(t,e,i)=>(Nn(t,e,"access private method"),i),is,es,Un,ts,Pn,Qu=`
  <svg aria-hidden="true" viewBox="0 0 26 24" part="captions-indicator indicator">
    <path d="M22.83 5.68a2.58 2.58 0 0 0-2.3-2.5c-3.62-.24-11.44-.24-15.06 0a2.58 2.58 0 0 0-2.3 2.5c-.23 4.21-.23 8.43 0 12.64a2.58 2.58 0 0 0 2.3 2.5c3.62.24 11.44.24 15.06 0a2.58 2.58 0 0 0 2.3-2.5c.23-4.21.23-8.43 0-12.64Zm-11.39 9.45a3.07 3.07 0 0 1-1.91.57 3.06 3.06 0 0 1-2.34-1 3.75 3.75 0 0 1-.92-2.67 3.92 3.92 0 0 1 .92-2.77 3.18 3.18 0 0 1 2.43-1 2.94 2.94 0 0 1 2.13.78c.364.359.62.813.74 1.31l-1.43.35a1.49 1.49 0 0 0-1.51-1.17 1.61 1.61 0 0 0-1.29.58 2.79 2.79 0 0 0-.5 1.89 3 3 0 0 0 .49 1.93 1.61 1.61 0 0 0 1.27.58 1.48 1.48 0 0 0 1-.37 2.1 2.1 0 0 0 .59-1.14l1.4.44a3.23 3.23 0 0 1-1.07 1.69Zm7.22 0a3.07 3.07 0 0 1-1.91.57 3.06 3.06 0 0 1-2.34-1 3.75 3.75 0 0 1-.92-2.67 3.88 3.88 0 0 1 .93-2.77 3.14 3.14 0 0 1 2.42-1 3 3 0 0 1 2.16.82 2.8 2.8 0 0 1 .73 1.31l-1.43.35a1.49 1.49 0 0 0-1.51-1.21 1.61 1.61 0 0 0-1.29.58A2.79 2.79 0 0 0 15 12a3 3 0 0 0 .49 1.93 1.61 1.61 0 0 0 1.27.58 1.44 1.44 0 0 0 1-.37 2.1 2.1 0 0 0 .6-1.15l1.4.44a3.17 3.17 0 0 1-1.1 1.7Z"/>
  </svg>`;function zu(t){return`
    ${Ne.getTemplateHTML(t)}
    <slot name="captions-indicator" hidden>${Qu}</slot>
  `}var as=class extends Ne{constructor(){super(...arguments),On(this,es),On(this,ts),On(this,is,void 0)}static get observedAttributes(){return[...super.observedAttributes,n.MEDIA_SUBTITLES_LIST,n.MEDIA_SUBTITLES_SHOWING]}attributeChangedCallback(e,i,a){super.attributeChangedCallback(e,i,a),e===n.MEDIA_SUBTITLES_LIST&&i!==a?jr(this,es,Un).call(this):e===n.MEDIA_SUBTITLES_SHOWING&&i!==a&&(this.value=a||"",jr(this,es,Un).call(this))}connectedCallback(){super.connectedCallback(),this.addEventListener("change",jr(this,ts,Pn))}disconnectedCallback(){super.disconnectedCallback(),this.removeEventListener("change",jr(this,ts,Pn))}get anchorElement(){return this.anchor!=="auto"?super.anchorElement:ue(this).querySelector("media-captions-menu-button")}get mediaSubtitlesList(){return yd(this,n.MEDIA_SUBTITLES_LIST)}set mediaSubtitlesList(e){Id(this,n.MEDIA_SUBTITLES_LIST,e)}get mediaSubtitlesShowing(){return yd(this,n.MEDIA_SUBTITLES_SHOWING)}set mediaSubtitlesShowing(e){Id(this,n.MEDIA_SUBTITLES_SHOWING,e)}};is=new WeakMap;es=new WeakSet;Un=function(){var t;let e=qu(this,is)!==JSON.stringify(this.mediaSubtitlesList),i=this.value!==this.getAttribute(n.MEDIA_SUBTITLES_SHOWING);if(!e&&!i)return;Yu(this,is,JSON.stringify(this.mediaSubtitlesList)),this.defaultSlot.textContent="";let a=!this.value,r=va({type:"radio",text:this.formatMenuItemText(p("Off")),value:"off",checked:a});r.prepend(gi(this,"checked-indicator")),this.defaultSlot.append(r);let s=this.mediaSubtitlesList;for(let o of s){let d=va({type:"radio",text:this.formatMenuItemText(o.label,o),value:qa(o),checked:this.value==qa(o)});d.prepend(gi(this,"checked-indicator")),((t=o.kind)!=null?t:"subs")==="captions"&&d.append(gi(this,"captions-indicator")),this.defaultSlot.append(d)}};ts=new WeakSet;Pn=function(){let t=this.mediaSubtitlesShowing,e=this.getAttribute(n.MEDIA_SUBTITLES_SHOWING),i=this.value!==e;if(t!=null&&t.length&&i&&this.dispatchEvent(new l.CustomEvent(h.MEDIA_DISABLE_SUBTITLES_REQUEST,{composed:!0,bubbles:!0,detail:t})),!this.value||!i)return;let a=new l.CustomEvent(h.MEDIA_SHOW_SUBTITLES_REQUEST,{composed:!0,bubbles:!0,detail:this.value});this.dispatchEvent(a)};as.getTemplateHTML=zu;var yd=(t,e)=>{let i=t.getAttribute(e);return i?Tt(i):[]},Id=(t,e,i)=>{if(!(i!=null&&i.length)){t.removeAttribute(e);return}let a=Ye(i);t.getAttribute(e)!==a&&t.setAttribute(e,a)};l.customElements.get("media-captions-menu")||l.customElements.define("media-captions-menu",as);var Vn=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},ae=(t,e,i)=>(Vn(t,e,"read from private field"),i?i.call(t):e.get(t)),Ze=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Hn=(t,e,i,a)=>(Vn(t,e,"write to private field"),a?a.call(t,i):e.set(t,i),i),_i=(t,e,i)=>(Vn(t,e,"access private method"),i),rs,ga,Fn,wd,ns,Kn,Gn,Md,He,bi,Bn,ss,Wn;function Zu(t){return`
    <style>
      :host {
        transition: var(--media-menu-item-transition,
          background .15s linear,
          opacity .2s ease-in-out
        );
        outline: var(--media-menu-item-outline, 0);
        outline-offset: var(--media-menu-item-outline-offset, -1px);
        cursor: var(--media-cursor, pointer);
        display: flex;
        align-items: center;
        align-self: stretch;
        justify-self: stretch;
        white-space: nowrap;
        white-space-collapse: collapse;
        text-wrap: nowrap;
        padding: .4em .8em .4em 1em;
      }

      :host(:focus-visible) {
        box-shadow: var(--media-menu-item-focus-shadow, inset 0 0 0 2px rgb(27 127 204 / .9));
        outline: var(--media-menu-item-hover-outline, 0);
        outline-offset: var(--media-menu-item-hover-outline-offset,  var(--media-menu-item-outline-offset, -1px));
      }

      :host(:hover) {
        cursor: var(--media-cursor, pointer);
        background: var(--media-menu-item-hover-background, rgb(92 92 102 / .5));
        outline: var(--media-menu-item-hover-outline);
        outline-offset: var(--media-menu-item-hover-outline-offset,  var(--media-menu-item-outline-offset, -1px));
      }

      :host([aria-checked="true"]) {
        background: var(--media-menu-item-checked-background);
      }

      :host([hidden]) {
        display: none;
      }

      :host([disabled]) {
        pointer-events: none;
        color: rgba(255, 255, 255, .3);
      }

      slot:not([name]) {
        width: 100%;
      }

      slot:not([name="submenu"]) {
        display: inline-flex;
        align-items: center;
        transition: inherit;
        opacity: var(--media-menu-item-opacity, 1);
      }

      slot[name="description"] {
        justify-content: end;
      }

      slot[name="description"] > span {
        display: inline-block;
        margin-inline: 1em .2em;
        max-width: var(--media-menu-item-description-max-width, 100px);
        text-overflow: ellipsis;
        overflow: hidden;
        font-size: .8em;
        font-weight: 400;
        text-align: right;
        position: relative;
        top: .04em;
      }

      slot[name="checked-indicator"] {
        display: none;
      }

      :host(:is([role="menuitemradio"],[role="menuitemcheckbox"])) slot[name="checked-indicator"] {
        display: var(--media-menu-item-checked-indicator-display, inline-block);
      }

      
      svg, img, ::slotted(svg), ::slotted(img) {
        height: var(--media-menu-item-icon-height, var(--media-control-height, 24px));
        fill: var(--media-icon-color, var(--media-primary-color, rgb(238 238 238)));
        display: block;
      }

      
      [part~="indicator"],
      ::slotted([part~="indicator"]) {
        fill: var(--media-menu-item-indicator-fill,
          var(--media-icon-color, var(--media-primary-color, rgb(238 238 238))));
        height: var(--media-menu-item-indicator-height, 1.25em);
        margin-right: .5ch;
      }

      [part~="checked-indicator"] {
        visibility: hidden;
      }

      :host([aria-checked="true"]) [part~="checked-indicator"] {
        visibility: visible;
      }
    </style>
    <slot name="checked-indicator">
      <svg aria-hidden="true" viewBox="0 1 24 24" part="checked-indicator indicator">
        <path d="m10 15.17 9.193-9.191 1.414 1.414-10.606 10.606-6.364-6.364 1.414-1.414 4.95 4.95Z"/>
      </svg>
    </slot>
    <slot name="prefix"></slot>
    <slot></slot>
    <slot name="description"></slot>
    <slot name="suffix">
      ${this.getSuffixSlotInnerHTML(t)}
    </slot>
    <slot name="submenu"></slot>
  `}function Xu(t){return""}var ve={TYPE:"type",VALUE:"value",CHECKED:"checked",DISABLED:"disabled"},Ai=class extends l.HTMLElement{constructor(){if(super(),Ze(this,Fn),Ze(this,ns),Ze(this,Gn),Ze(this,ss),Ze(this,rs,!1),Ze(this,ga,void 0),Ze(this,He,()=>{var e,i;this.submenuElement.items&&this.setAttribute("submenusize",`${this.submenuElement.items.length}`);let a=this.shadowRoot.querySelector('slot[name="description"]'),r=(e=this.submenuElement.checkedItems)==null?void 0:e[0],s=(i=r==null?void 0:r.dataset.description)!=null?i:r==null?void 0:r.text,o=H.createElement("span");o.textContent=s??"",a.replaceChildren(o)}),Ze(this,bi,e=>{let{key:i}=e;if(!this.keysUsed.includes(i)){this.removeEventListener("keyup",ae(this,bi));return}this.handleClick(e)}),Ze(this,Bn,e=>{let{metaKey:i,altKey:a,key:r}=e;if(i||a||!this.keysUsed.includes(r)){this.removeEventListener("keyup",ae(this,bi));return}this.addEventListener("keyup",ae(this,bi),{once:!0})}),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=V(this.attributes);$(this.shadowRoot,this.constructor.getTemplateHTML(e))}}static get observedAttributes(){return[ve.TYPE,ve.DISABLED,ve.CHECKED,ve.VALUE]}enable(){this.hasAttribute("tabindex")||this.setAttribute("tabindex","-1"),fa(this)&&!this.hasAttribute("aria-checked")&&this.setAttribute("aria-checked","false"),this.addEventListener("click",this),this.addEventListener("keydown",this)}disable(){this.removeAttribute("tabindex"),this.removeEventListener("click",this),this.removeEventListener("keydown",this),this.removeEventListener("keyup",this)}handleEvent(e){switch(e.type){case"slotchange":_i(this,Fn,wd).call(this,e);break;case"click":this.handleClick(e);break;case"keydown":ae(this,Bn).call(this,e);break;case"keyup":ae(this,bi).call(this,e);break}}attributeChangedCallback(e,i,a){e===ve.CHECKED&&fa(this)&&!ae(this,rs)?this.setAttribute("aria-checked",a!=null?"true":"false"):e===ve.TYPE&&a!==i?this.role="menuitem"+a:e===ve.DISABLED&&a!==i&&(a==null?this.enable():this.disable())}connectedCallback(){this.hasAttribute(ve.DISABLED)||this.enable(),this.role="menuitem"+this.type,Hn(this,ga,$n(this,this.parentNode)),_i(this,ss,Wn).call(this),this.submenuElement&&_i(this,ns,Kn).call(this),this.shadowRoot.addEventListener("slotchange",this)}disconnectedCallback(){this.disable(),_i(this,ss,Wn).call(this),Hn(this,ga,null),this.shadowRoot.removeEventListener("slotchange",this)}get invokeTarget(){return this.getAttribute("invoketarget")}set invokeTarget(e){this.setAttribute("invoketarget",`${e}`)}get invokeTargetElement(){var e;return this.invokeTarget?(e=vt(this))==null?void 0:e.querySelector(`#${this.invokeTarget}`):this.submenuElement}get submenuElement(){return this.shadowRoot.querySelector('slot[name="submenu"]').assignedElements({flatten:!0})[0]}get type(){var e;return(e=this.getAttribute(ve.TYPE))!=null?e:""}set type(e){this.setAttribute(ve.TYPE,`${e}`)}get value(){var e;return(e=this.getAttribute(ve.VALUE))!=null?e:this.text}set value(e){this.setAttribute(ve.VALUE,e)}get text(){var e;return((e=this.textContent)!=null?e:"").trim()}get checked(){if(fa(this))return this.getAttribute("aria-checked")==="true"}set checked(e){fa(this)&&(Hn(this,rs,!0),this.setAttribute("aria-checked",e?"true":"false"),e?this.part.add("checked"):this.part.remove("checked"))}handleClick(e){fa(this)||this.invokeTargetElement&&te(this,e.target)&&this.invokeTargetElement.dispatchEvent(new ct({relatedTarget:this}))}get keysUsed(){return["Enter"," "]}};rs=new WeakMap;ga=new WeakMap;Fn=new WeakSet;wd=function(t){let e=t.target;if(!(e!=null&&e.name))for(let a of e.assignedNodes({flatten:!0}))a instanceof Text&&a.textContent.trim()===""&&a.remove();e.name==="submenu"&&(this.submenuElement?_i(this,ns,Kn).call(this):_i(this,Gn,Md).call(this))};ns=new WeakSet;Kn=async function(){this.setAttribute("aria-haspopup","menu"),this.setAttribute("aria-expanded",`${!this.submenuElement.hidden}`),this.submenuElement.addEventListener("change",ae(this,He)),this.submenuElement.addEventListener("addmenuitem",ae(this,He)),this.submenuElement.addEventListener("removemenuitem",ae(this,He)),ae(this,He).call(this)};Gn=new WeakSet;Md=function(){this.removeAttribute("aria-haspopup"),this.removeAttribute("aria-expanded"),this.submenuElement.removeEventListener("change",ae(this,He)),this.submenuElement.removeEventListener("addmenuitem",ae(this,He)),this.submenuElement.removeEventListener("removemenuitem",ae(this,He)),ae(this,He).call(this)};He=new WeakMap;bi=new WeakMap;Bn=new WeakMap;ss=new WeakSet;Wn=function(){var t;let e=(t=ae(this,ga))==null?void 0:t.radioGroupItems;if(!e)return;let i=e.filter(a=>a.getAttribute("aria-checked")==="true").pop();i||(i=e[0]);for(let a of e)a.setAttribute("aria-checked","false");i==null||i.setAttribute("aria-checked","true")};Ai.shadowRootOptions={mode:"open"};Ai.getTemplateHTML=Zu;Ai.getSuffixSlotInnerHTML=Xu;function fa(t){return t.type==="radio"||t.type==="checkbox"}function $n(t,e){if(!t)return null;let{host:i}=t.getRootNode();return!e&&i?$n(t,i):e!=null&&e.items?e:$n(e,e==null?void 0:e.parentNode)}l.customElements.get("media-chrome-menu-item")||l.customElements.define("media-chrome-menu-item",Ai);var Ot=class extends F{connectedCallback(){super.connectedCallback(),this.invokeTargetElement&&this.setAttribute("aria-haspopup","menu")}get invokeTarget(){return this.getAttribute("invoketarget")}set invokeTarget(e){this.setAttribute("invoketarget",`${e}`)}get invokeTargetElement(){var e;return this.invokeTarget?(e=vt(this))==null?void 0:e.querySelector(`#${this.invokeTarget}`):null}handleClick(){var e;(e=this.invokeTargetElement)==null||e.dispatchEvent(new ct({relatedTarget:this}))}};l.customElements.get("media-chrome-menu-button")||l.customElements.define("media-chrome-menu-button",Ot);var Ju=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M22.83 5.68a2.58 2.58 0 0 0-2.3-2.5c-3.62-.24-11.44-.24-15.06 0a2.58 2.58 0 0 0-2.3 2.5c-.23 4.21-.23 8.43 0 12.64a2.58 2.58 0 0 0 2.3 2.5c3.62.24 11.44.24 15.06 0a2.58 2.58 0 0 0 2.3-2.5c.23-4.21.23-8.43 0-12.64Zm-11.39 9.45a3.07 3.07 0 0 1-1.91.57 3.06 3.06 0 0 1-2.34-1 3.75 3.75 0 0 1-.92-2.67 3.92 3.92 0 0 1 .92-2.77 3.18 3.18 0 0 1 2.43-1 2.94 2.94 0 0 1 2.13.78c.364.359.62.813.74 1.31l-1.43.35a1.49 1.49 0 0 0-1.51-1.17 1.61 1.61 0 0 0-1.29.58 2.79 2.79 0 0 0-.5 1.89 3 3 0 0 0 .49 1.93 1.61 1.61 0 0 0 1.27.58 1.48 1.48 0 0 0 1-.37 2.1 2.1 0 0 0 .59-1.14l1.4.44a3.23 3.23 0 0 1-1.07 1.69Zm7.22 0a3.07 3.07 0 0 1-1.91.57 3.06 3.06 0 0 1-2.34-1 3.75 3.75 0 0 1-.92-2.67 3.88 3.88 0 0 1 .93-2.77 3.14 3.14 0 0 1 2.42-1 3 3 0 0 1 2.16.82 2.8 2.8 0 0 1 .73 1.31l-1.43.35a1.49 1.49 0 0 0-1.51-1.21 1.61 1.61 0 0 0-1.29.58A2.79 2.79 0 0 0 15 12a3 3 0 0 0 .49 1.93 1.61 1.61 0 0 0 1.27.58 1.44 1.44 0 0 0 1-.37 2.1 2.1 0 0 0 .6-1.15l1.4.44a3.17 3.17 0 0 1-1.1 1.7Z"/>
</svg>`,ju=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M17.73 14.09a1.4 1.4 0 0 1-1 .37 1.579 1.579 0 0 1-1.27-.58A3 3 0 0 1 15 12a2.8 2.8 0 0 1 .5-1.85 1.63 1.63 0 0 1 1.29-.57 1.47 1.47 0 0 1 1.51 1.2l1.43-.34A2.89 2.89 0 0 0 19 9.07a3 3 0 0 0-2.14-.78 3.14 3.14 0 0 0-2.42 1 3.91 3.91 0 0 0-.93 2.78 3.74 3.74 0 0 0 .92 2.66 3.07 3.07 0 0 0 2.34 1 3.07 3.07 0 0 0 1.91-.57 3.17 3.17 0 0 0 1.07-1.74l-1.4-.45c-.083.43-.3.822-.62 1.12Zm-7.22 0a1.43 1.43 0 0 1-1 .37 1.58 1.58 0 0 1-1.27-.58A3 3 0 0 1 7.76 12a2.8 2.8 0 0 1 .5-1.85 1.63 1.63 0 0 1 1.29-.57 1.47 1.47 0 0 1 1.51 1.2l1.43-.34a2.81 2.81 0 0 0-.74-1.32 2.94 2.94 0 0 0-2.13-.78 3.18 3.18 0 0 0-2.43 1 4 4 0 0 0-.92 2.78 3.74 3.74 0 0 0 .92 2.66 3.07 3.07 0 0 0 2.34 1 3.07 3.07 0 0 0 1.91-.57 3.23 3.23 0 0 0 1.07-1.74l-1.4-.45a2.06 2.06 0 0 1-.6 1.07Zm12.32-8.41a2.59 2.59 0 0 0-2.3-2.51C18.72 3.05 15.86 3 13 3c-2.86 0-5.72.05-7.53.17a2.59 2.59 0 0 0-2.3 2.51c-.23 4.207-.23 8.423 0 12.63a2.57 2.57 0 0 0 2.3 2.5c1.81.13 4.67.19 7.53.19 2.86 0 5.72-.06 7.53-.19a2.57 2.57 0 0 0 2.3-2.5c.23-4.207.23-8.423 0-12.63Zm-1.49 12.53a1.11 1.11 0 0 1-.91 1.11c-1.67.11-4.45.18-7.43.18-2.98 0-5.76-.07-7.43-.18a1.11 1.11 0 0 1-.91-1.11c-.21-4.14-.21-8.29 0-12.43a1.11 1.11 0 0 1 .91-1.11C7.24 4.56 10 4.49 13 4.49s5.76.07 7.43.18a1.11 1.11 0 0 1 .91 1.11c.21 4.14.21 8.29 0 12.43Z"/>
</svg>`;function eh(){return`
    <style>
      :host([data-captions-enabled="true"]) slot[name=off] {
        display: none !important;
      }

      
      :host(:not([data-captions-enabled="true"])) slot[name=on] {
        display: none !important;
      }

      :host([aria-expanded="true"]) slot[name=tooltip] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="on">${Ju}</slot>
      <slot name="off">${ju}</slot>
    </slot>
  `}function th(){return p("Captions")}var Ld=t=>{t.setAttribute("data-captions-enabled",Ya(t).toString())},Rd=t=>{t.setAttribute("aria-label",p("closed captions"))},ba=class extends Ot{static get observedAttributes(){return[...super.observedAttributes,n.MEDIA_SUBTITLES_LIST,n.MEDIA_SUBTITLES_SHOWING,n.MEDIA_LANG]}connectedCallback(){super.connectedCallback(),Rd(this),Ld(this)}attributeChangedCallback(e,i,a){super.attributeChangedCallback(e,i,a),e===n.MEDIA_SUBTITLES_SHOWING?Ld(this):e===n.MEDIA_LANG&&Rd(this)}get invokeTargetElement(){var e;return this.invokeTarget!=null?super.invokeTargetElement:(e=ue(this))==null?void 0:e.querySelector("media-captions-menu")}get mediaSubtitlesList(){return Cd(this,n.MEDIA_SUBTITLES_LIST)}set mediaSubtitlesList(e){Dd(this,n.MEDIA_SUBTITLES_LIST,e)}get mediaSubtitlesShowing(){return Cd(this,n.MEDIA_SUBTITLES_SHOWING)}set mediaSubtitlesShowing(e){Dd(this,n.MEDIA_SUBTITLES_SHOWING,e)}};ba.getSlotTemplateHTML=eh;ba.getTooltipContentHTML=th;var Cd=(t,e)=>{let i=t.getAttribute(e);return i?Tt(i):[]},Dd=(t,e,i)=>{if(!(i!=null&&i.length)){t.removeAttribute(e);return}let a=Ye(i);t.getAttribute(e)!==a&&t.setAttribute(e,a)};l.customElements.get("media-captions-menu-button")||l.customElements.define("media-captions-menu-button",ba);var ih=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Ti=(t,e,i)=>(ih(t,e,"read from private field"),i?i.call(t):e.get(t)),ah=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},ht,qn={RATES:"rates"},Yn=[1,1.2,1.5,1.7,2],Ut=1;function Fe(t){return Math.round(t*100)/100}function rh(t){return`
    <style>
      :host {
        min-width: 5ch;
        padding: var(--media-button-padding, var(--media-control-padding, 10px 5px));
      }
    </style>
    <slot name="icon">${t.mediaplaybackrate?Fe(+t.mediaplaybackrate):Ut}x</slot>
  `}function sh(){return p("Playback rate")}var _a=class extends F{constructor(){var e;super(),ah(this,ht,new it(this,qn.RATES,{defaultValue:Yn})),this.container=this.shadowRoot.querySelector('slot[name="icon"]'),this.container.innerHTML=`${Fe((e=this.mediaPlaybackRate)!=null?e:Ut)}x`}static get observedAttributes(){return[...super.observedAttributes,n.MEDIA_PLAYBACK_RATE,qn.RATES]}attributeChangedCallback(e,i,a){if(super.attributeChangedCallback(e,i,a),e===qn.RATES&&(Ti(this,ht).value=a),e===n.MEDIA_PLAYBACK_RATE){let r=a?+a:Number.NaN,s=Fe(Number.isNaN(r)?Ut:r);this.container.innerHTML=`${s}x`,this.setAttribute("aria-label",p("Playback rate {playbackRate}",{playbackRate:s}))}}get rates(){return Ti(this,ht)}set rates(e){e?Array.isArray(e)?Ti(this,ht).value=e.join(" "):typeof e=="string"&&(Ti(this,ht).value=e):Ti(this,ht).value=""}get mediaPlaybackRate(){return R(this,n.MEDIA_PLAYBACK_RATE,Ut)}set mediaPlaybackRate(e){U(this,n.MEDIA_PLAYBACK_RATE,e)}handleClick(){var e,i;let a=Array.from(Ti(this,ht).values(),o=>+o).sort((o,d)=>o-d),r=(i=(e=a.find(o=>o>this.mediaPlaybackRate))!=null?e:a[0])!=null?i:Ut,s=new l.CustomEvent(h.MEDIA_PLAYBACK_RATE_REQUEST,{composed:!0,bubbles:!0,detail:r});this.dispatchEvent(s)}};ht=new WeakMap;_a.getSlotTemplateHTML=rh;_a.getTooltipContentHTML=sh;l.customElements.get("media-playback-rate-button")||l.customElements.define("media-playback-rate-button",_a);var xd=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},ki=(t,e,i)=>(xd(t,e,"read from private field"),i?i.call(t):e.get(t)),Qn=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Si=(t,e,i)=>(xd(t,e,"access private method"),i),mt,yi,Aa,os,Zn,zn={RATES:"rates"},Xn=class extends Ne{constructor(){super(),Qn(this,yi),Qn(this,os),Qn(this,mt,new it(this,zn.RATES,{defaultValue:Yn})),Si(this,yi,Aa).call(this)}static get observedAttributes(){return[...super.observedAttributes,n.MEDIA_PLAYBACK_RATE,zn.RATES]}attributeChangedCallback(e,i,a){super.attributeChangedCallback(e,i,a),e===n.MEDIA_PLAYBACK_RATE&&i!=a?(this.value=a,Si(this,yi,Aa).call(this)):e===zn.RATES&&i!=a&&(ki(this,mt).value=a,Si(this,yi,Aa).call(this))}connectedCallback(){super.connectedCallback(),this.addEventListener("change",Si(this,os,Zn))}disconnectedCallback(){super.disconnectedCallback(),this.removeEventListener("change",Si(this,os,Zn))}get anchorElement(){return this.anchor!=="auto"?super.anchorElement:ue(this).querySelector("media-playback-rate-menu-button")}get rates(){return ki(this,mt)}set rates(e){e?Array.isArray(e)?ki(this,mt).value=e.join(" "):typeof e=="string"&&(ki(this,mt).value=e):ki(this,mt).value="",Si(this,yi,Aa).call(this)}get mediaPlaybackRate(){return R(this,n.MEDIA_PLAYBACK_RATE,Ut)}set mediaPlaybackRate(e){U(this,n.MEDIA_PLAYBACK_RATE,e)}};mt=new WeakMap;yi=new WeakSet;Aa=function(){this.defaultSlot.textContent="";let t=Fe(this.mediaPlaybackRate),e=new Set(Array.from(ki(this,mt)).map(a=>Fe(Number(a))));t>0&&!e.has(t)&&e.add(t);let i=Array.from(e).sort((a,r)=>a-r);for(let a of i){let r=va({type:"radio",text:this.formatMenuItemText(`${a}x`,a),value:a.toString(),checked:t===a});r.prepend(gi(this,"checked-indicator")),this.defaultSlot.append(r)}};os=new WeakSet;Zn=function(){if(!this.value)return;let t=new l.CustomEvent(h.MEDIA_PLAYBACK_RATE_REQUEST,{composed:!0,bubbles:!0,detail:this.value});this.dispatchEvent(t)};l.customElements.get("media-playback-rate-menu")||l.customElements.define("media-playback-rate-menu",Xn);var ls=1;function nh(t){return`
    <style>
      :host {
        min-width: 5ch;
        padding: var(--media-button-padding, var(--media-control-padding, 10px 5px));
      }

      :host([aria-expanded="true"]) slot {
        display: block;
      }

      :host([aria-expanded="true"]) slot[name=tooltip] {
        display: none;
      }
    </style>
    <slot name="icon">${t.mediaplaybackrate?Fe(+t.mediaplaybackrate):ls}x</slot>
  `}function oh(){return p("Playback rate")}var Ta=class extends Ot{static get observedAttributes(){return[...super.observedAttributes,n.MEDIA_PLAYBACK_RATE]}constructor(){var e;super(),this.container=this.shadowRoot.querySelector('slot[name="icon"]'),this.container.innerHTML=`${Fe((e=this.mediaPlaybackRate)!=null?e:ls)}x`}attributeChangedCallback(e,i,a){if(super.attributeChangedCallback(e,i,a),e===n.MEDIA_PLAYBACK_RATE){let r=a?+a:Number.NaN,s=Fe(Number.isNaN(r)?ls:r);this.container.innerHTML=`${s}x`,this.setAttribute("aria-label",p("Playback rate {playbackRate}",{playbackRate:s}))}}get invokeTargetElement(){return this.invokeTarget!=null?super.invokeTargetElement:ue(this).querySelector("media-playback-rate-menu")}get mediaPlaybackRate(){return R(this,n.MEDIA_PLAYBACK_RATE,ls)}set mediaPlaybackRate(e){U(this,n.MEDIA_PLAYBACK_RATE,e)}};Ta.getSlotTemplateHTML=nh;Ta.getTooltipContentHTML=oh;l.customElements.get("media-playback-rate-menu-button")||l.customElements.define("media-playback-rate-menu-button",Ta);var Jn={"Start airplay":"AirPlay starten","Stop airplay":"AirPlay stoppen",Audio:"Audio",Captions:"Untertitel","Enable captions":"Untertitel aktivieren","Disable captions":"Untertitel deaktivieren","Start casting":"Casting starten","Stop casting":"Casting stoppen","Enter fullscreen mode":"Vollbildmodus aktivieren","Exit fullscreen mode":"Vollbildmodus beenden",Mute:"Stumm schalten",Unmute:"Stummschaltung aufheben",Loop:"Endlosschleife","Enter picture in picture mode":"Bild-im-Bild-Modus aktivieren","Exit picture in picture mode":"Bild-im-Bild-Modus beenden",Play:"Abspielen",Pause:"Pause","Playback rate":"Wiedergabegeschwindigkeit","Playback rate {playbackRate}":"Wiedergabegeschwindigkeit {playbackRate}",Quality:"Qualit\xE4t","Seek backward":"Zur\xFCckspulen","Seek forward":"Vorspulen",Settings:"Einstellungen",Auto:"Auto","audio player":"Audioplayer","video player":"Videoplayer",volume:"Lautst\xE4rke",seek:"Springen","closed captions":"Untertitel","current playback rate":"aktuelle Wiedergabegeschwindigkeit","playback time":"Wiedergabezeit","media loading":"Medien werden geladen",settings:"Einstellungen","audio tracks":"Audiospuren",quality:"Qualit\xE4t",play:"abspielen",pause:"pause",mute:"stumm schalten",unmute:"Stummschaltung aufheben","chapter: {chapterName}":"Kapitel: {chapterName}",live:"live",Off:"Aus","start airplay":"AirPlay starten","stop airplay":"AirPlay stoppen","start casting":"Casting starten","stop casting":"Casting stoppen","enter fullscreen mode":"Vollbildmodus aktivieren","exit fullscreen mode":"Vollbildmodus beenden","enter picture in picture mode":"Bild-im-Bild-Modus aktivieren","exit picture in picture mode":"Bild-im-Bild-Modus beenden","seek to live":"Zum Live-Stream springen","playing live":"Live-Wiedergabe","seek back {seekOffset} seconds":"{seekOffset} Sekunden zur\xFCckspulen","seek forward {seekOffset} seconds":"{seekOffset} Sekunden vorspulen","Network Error":"Netzwerkfehler","Decode Error":"Dekodierungsfehler","Source Not Supported":"Quelle nicht unterst\xFCtzt","Encryption Error":"Verschl\xFCsselungsfehler","A network error caused the media download to fail.":"Ein Netzwerkfehler hat dazu gef\xFChrt, dass der Medien-Download fehlgeschlagen ist.","A media error caused playback to be aborted. The media could be corrupt or your browser does not support this format.":"Ein Medienfehler hat die Wiedergabe abgebrochen. Das Medium k\xF6nnte besch\xE4digt sein oder Ihr Browser unterst\xFCtzt dieses Format nicht.","An unsupported error occurred. The server or network failed, or your browser does not support this format.":"Ein nicht unterst\xFCtzter Fehler ist aufgetreten. Der Server oder das Netzwerk ist fehlgeschlagen, oder Ihr Browser unterst\xFCtzt dieses Format nicht.","The media is encrypted and there are no keys to decrypt it.":"Das Medium ist verschl\xFCsselt und es sind keine Schl\xFCssel zum Entschl\xFCsseln vorhanden.",hour:"Stunde",hours:"Stunden",minute:"Minute",minutes:"Minuten",second:"Sekunde",seconds:"Sekunden","{time} remaining":"{time} verbleibend","{currentTime} of {totalTime}":"{currentTime} von {totalTime}","video not loaded, unknown time.":"Video nicht geladen, unbekannte Zeit."};Ke("de",Jn);var jn={"Start airplay":"D\xE9marrer la diffusion AirPlay","Stop airplay":"Arr\xEAter la diffusion AirPlay",Audio:"Audio",Captions:"Sous-titres","Enable captions":"Activer les sous-titres","Disable captions":"D\xE9sactiver les sous-titres","Start casting":"D\xE9marrer la diffusion (cast)","Stop casting":"Arr\xEAter la diffusion (cast)","Enter fullscreen mode":"Mettre en mode plein \xE9cran","Exit fullscreen mode":"Quitter le mode plein \xE9cran",Mute:"D\xE9sactiver le son",Unmute:"Activer le son",Loop:"Lire en boucle","Enter picture in picture mode":"Mettre en mode image-en-image (PiP)","Exit picture in picture mode":"Quitter le mode image-en-image (PiP)",Play:"Lire",Pause:"Pause","Playback rate":"Taux de lecture","Playback rate {playbackRate}":"Taux de lecture {playbackRate}",Quality:"Qualit\xE9","Seek backward":"Reculer","Seek forward":"Avancer",Settings:"Param\xE8tres",Auto:"Auto","audio player":"lecteur audio","video player":"lecteur vid\xE9o",volume:"volume",seek:"se d\xE9placer","closed captions":"sous-titres cod\xE9s","current playback rate":"taux de lecture actuel","playback time":"dur\xE9e de lecture","media loading":"chargement des m\xE9dias",settings:"param\xE8tres","audio tracks":"pistes audio",quality:"qualit\xE9",play:"lire",pause:"pause",mute:"d\xE9sactiver le son",unmute:"activer le son","chapter: {chapterName}":"chapitre: {chapterName}",live:"en direct",Off:"D\xE9sactiv\xE9","start airplay":"d\xE9marrer la diffusion AirPlay","stop airplay":"arr\xEAter la diffusion AirPlay","start casting":"d\xE9marrer la diffusion (cast)","stop casting":"arr\xEAter la diffusion (cast)","enter fullscreen mode":"mettre en mode plein \xE9cran","exit fullscreen mode":"quitter le mode plein \xE9cran","enter picture in picture mode":"mettre en mode image-en-image (PiP)","exit picture in picture mode":"quitter le mode image-en-image (PiP)","seek to live":"aller au direct","playing live":"lecture en direct","seek back {seekOffset} seconds":"reculer {seekOffset} secondes","seek forward {seekOffset} seconds":"avancer {seekOffset} secondes","Network Error":"Erreur r\xE9seau","Decode Error":"Erreur de d\xE9codage","Source Not Supported":"Source non support\xE9e","Encryption Error":"Erreur de chiffrement","A network error caused the media download to fail.":"Une erreur r\xE9seau a caus\xE9 l\u2019\xE9chec du t\xE9l\xE9chargement du m\xE9dia.","A media error caused playback to be aborted. The media could be corrupt or your browser does not support this format.":"Une erreur de m\xE9dia a provoqu\xE9 l\u2019interruption de la lecture. Le m\xE9dia peut \xEAtre corrompu ou votre navigateur ne prend pas en charge ce format.","An unsupported error occurred. The server or network failed, or your browser does not support this format.":"Une erreur non support\xE9e s\u2019est produite. Le serveur ou le r\xE9seau a \xE9chou\xE9, ou votre navigateur ne prend pas en charge ce format.","The media is encrypted and there are no keys to decrypt it.":"Le m\xE9dia est chiffr\xE9 et il n\u2019y a pas de cl\xE9s pour le d\xE9chiffrer.",hour:"heure",hours:"heures",minute:"minute",minutes:"minutes",second:"seconde",seconds:"secondes","{time} remaining":"{time} restant","{currentTime} of {totalTime}":"{currentTime} sur {totalTime}","video not loaded, unknown time.":"vid\xE9o non charg\xE9e, dur\xE9e inconnue."};Ke("fr",jn);var Od={Captions:"\u0627\u0644\u062A\u0631\u062C\u0645\u0629 \u0627\u0644\u0645\u0635\u0627\u062D\u0628\u0629","Enable captions":"\u062A\u0641\u0639\u064A\u0644 \u0627\u0644\u062A\u0631\u062C\u0645\u0629 \u0627\u0644\u0645\u0635\u0627\u062D\u0628\u0629","Disable captions":"\u0625\u064A\u0642\u0627\u0641 \u0627\u0644\u062A\u0631\u062C\u0645\u0629 \u0627\u0644\u0645\u0635\u0627\u062D\u0628\u0629","Enter fullscreen mode":"\u0645\u0644\u0621 \u0627\u0644\u0634\u0627\u0634\u0629","Exit fullscreen mode":"\u0625\u0646\u0647\u0627\u0621 \u0645\u0644\u0621 \u0627\u0644\u0634\u0627\u0634\u0629",Mute:"\u0643\u062A\u0645 \u0627\u0644\u0635\u0648\u062A",Unmute:"\u062A\u0634\u063A\u064A\u0644 \u0627\u0644\u0635\u0648\u062A","Enter picture in picture mode":"\u0635\u0648\u0631\u0629 \u062F\u0627\u062E\u0644 \u0635\u0648\u0631\u0629","Exit picture in picture mode":"\u0625\u0646\u0647\u0627\u0621 \u0635\u0648\u0631\u0629 \u062F\u0627\u062E\u0644 \u0635\u0648\u0631\u0629",Play:"\u062A\u0634\u063A\u064A\u0644",Pause:"\u0625\u064A\u0642\u0627\u0641 \u0645\u0624\u0642\u062A","Playback rate":"\u0633\u0631\u0639\u0629 \u0627\u0644\u062A\u0634\u063A\u064A\u0644","Playback rate {playbackRate}":"\u0633\u0631\u0639\u0629 \u0627\u0644\u062A\u0634\u063A\u064A\u0644 {playbackRate}","Seek backward":"\u0631\u062C\u0648\u0639","Seek forward":"\u062A\u0642\u062F\u064A\u0645","video player":"\u0645\u0634\u063A\u0651\u0644 \u0627\u0644\u0641\u064A\u062F\u064A\u0648",volume:"\u0645\u0633\u062A\u0648\u0649 \u0627\u0644\u0635\u0648\u062A",seek:"\u0645\u0648\u0636\u0639 \u0627\u0644\u062A\u0634\u063A\u064A\u0644","closed captions":"\u0627\u0644\u062A\u0631\u062C\u0645\u0629 \u0627\u0644\u0645\u0635\u0627\u062D\u0628\u0629","current playback rate":"\u0633\u0631\u0639\u0629 \u0627\u0644\u062A\u0634\u063A\u064A\u0644 \u0627\u0644\u062D\u0627\u0644\u064A\u0629","playback time":"\u0648\u0642\u062A \u0627\u0644\u062A\u0634\u063A\u064A\u0644","media loading":"\u062C\u0627\u0631\u064D \u062A\u062D\u0645\u064A\u0644 \u0627\u0644\u0641\u064A\u062F\u064A\u0648",play:"\u062A\u0634\u063A\u064A\u0644",pause:"\u0625\u064A\u0642\u0627\u0641 \u0645\u0624\u0642\u062A",mute:"\u0643\u062A\u0645 \u0627\u0644\u0635\u0648\u062A",unmute:"\u062A\u0634\u063A\u064A\u0644 \u0627\u0644\u0635\u0648\u062A",Off:"\u0625\u064A\u0642\u0627\u0641","enter fullscreen mode":"\u0645\u0644\u0621 \u0627\u0644\u0634\u0627\u0634\u0629","exit fullscreen mode":"\u0625\u0646\u0647\u0627\u0621 \u0645\u0644\u0621 \u0627\u0644\u0634\u0627\u0634\u0629","enter picture in picture mode":"\u0635\u0648\u0631\u0629 \u062F\u0627\u062E\u0644 \u0635\u0648\u0631\u0629","exit picture in picture mode":"\u0625\u0646\u0647\u0627\u0621 \u0635\u0648\u0631\u0629 \u062F\u0627\u062E\u0644 \u0635\u0648\u0631\u0629","seek back {seekOffset} seconds":"\u0631\u062C\u0648\u0639 {seekOffset} \u062B\u0648\u0627\u0646\u064D","seek forward {seekOffset} seconds":"\u062A\u0642\u062F\u064A\u0645 {seekOffset} \u062B\u0648\u0627\u0646\u064D",hour:"\u0633\u0627\u0639\u0629",hours:"\u0633\u0627\u0639\u0627\u062A",minute:"\u062F\u0642\u064A\u0642\u0629",minutes:"\u062F\u0642\u0627\u0626\u0642",second:"\u062B\u0627\u0646\u064A\u0629",seconds:"\u062B\u0627\u0646\u064A\u0629","{time} remaining":"\u0645\u062A\u0628\u0642\u064D {time}","{currentTime} of {totalTime}":"{currentTime} \u0645\u0646 {totalTime}","video not loaded, unknown time.":"\u0644\u0645 \u064A\u064F\u062D\u0645\u064E\u0651\u0644 \u0627\u0644\u0641\u064A\u062F\u064A\u0648\u060C \u0648\u0627\u0644\u0648\u0642\u062A \u063A\u064A\u0631 \u0645\u0639\u0631\u0648\u0641."};var Ud={Captions:"Ondertiteling","Enable captions":"Ondertiteling aan","Disable captions":"Ondertiteling uit","Enter fullscreen mode":"Volledig scherm","Exit fullscreen mode":"Volledig scherm verlaten",Mute:"Dempen",Unmute:"Geluid aan","Enter picture in picture mode":"Beeld-in-beeld","Exit picture in picture mode":"Beeld-in-beeld sluiten",Play:"Afspelen",Pause:"Pauzeren","Playback rate":"Snelheid","Playback rate {playbackRate}":"Snelheid {playbackRate}","Seek backward":"Terug","Seek forward":"Vooruit","video player":"videospeler",volume:"volume",seek:"zoeken","closed captions":"ondertiteling","current playback rate":"huidige snelheid","playback time":"speeltijd","media loading":"video wordt geladen",play:"afspelen",pause:"pauzeren",mute:"dempen",unmute:"geluid aan",Off:"Uit","enter fullscreen mode":"volledig scherm","exit fullscreen mode":"volledig scherm verlaten","enter picture in picture mode":"beeld-in-beeld","exit picture in picture mode":"beeld-in-beeld sluiten","seek back {seekOffset} seconds":"{seekOffset} seconden terug","seek forward {seekOffset} seconds":"{seekOffset} seconden vooruit",hour:"uur",hours:"uur",minute:"minuut",minutes:"minuten",second:"seconde",seconds:"seconden","{time} remaining":"nog {time}","{currentTime} of {totalTime}":"{currentTime} van {totalTime}","video not loaded, unknown time.":"video niet geladen, tijd onbekend."};Ke("ar",Od);Ke("de",Jn);Ke("fr",jn);Ke("nl",Ud);
