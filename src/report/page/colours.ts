/** The colours of drawings: two of Okabe and Ito (2008), which colour-blind people can distinguish. */

export const BLUE = '#0072b2';
export const VERMILLION = '#d55e00';
