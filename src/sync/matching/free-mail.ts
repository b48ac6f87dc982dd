/** Domains where anybody has a mailbox: they say nothing about the company behind an address. */
export const FREE_MAIL: ReadonlySet<string> = new Set(
  [
    "gmail.com googlemail.com outlook.com outlook.de outlook.fr hotmail.com hotmail.co.uk hotmail.de hotmail.fr",
    "hotmail.it hotmail.es live.com live.co.uk live.de live.fr live.nl msn.com passport.com",
    "yahoo.com yahoo.co.uk yahoo.de yahoo.fr yahoo.it yahoo.es yahoo.co.in yahoo.com.br yahoo.co.jp ymail.com",
    "rocketmail.com icloud.com me.com mac.com aol.com aol.de aim.com gmx.de gmx.net gmx.at gmx.ch gmx.com web.de",
    "t-online.de freenet.de arcor.de mail.de posteo.de mailbox.org email.de online.de 1und1.de vodafone.de",
    "proton.me protonmail.com pm.me tutanota.com tuta.io tuta.com hushmail.com fastmail.com fastmail.fm zoho.com",
    "zohomail.com mail.com email.com usa.com yandex.com yandex.ru mail.ru bk.ru inbox.ru list.ru rambler.ru",
    "orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr bbox.fr libero.it virgilio.it tiscali.it alice.it tin.it",
    "btinternet.com virginmedia.com sky.com talktalk.net ntlworld.com blueyonder.co.uk",
    "comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net earthlink.net juno.com",
    "shaw.ca rogers.com sympatico.ca bigpond.com optusnet.com.au xtra.co.nz",
    "ziggo.nl kpnmail.nl planet.nl telenet.be skynet.be proximus.be bluewin.ch hispeed.ch chello.at aon.at",
    "telia.com telia.se hotmail.se online.no eesti.ee mail.ee hot.ee seznam.cz centrum.cz wp.pl o2.pl onet.pl interia.pl",
    "uol.com.br bol.com.br terra.com.br ig.com.br naver.com daum.net hanmail.net qq.com 163.com 126.com sina.com",
    "foxmail.com rediffmail.com mailinator.com guerrillamail.com 10minutemail.com yopmail.com",
  ].flatMap((line) => line.split(" ")),
);
